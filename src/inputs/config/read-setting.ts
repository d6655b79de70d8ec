import { isMap, isSeq } from 'yaml';
import { mainAction } from '../actions/main.ts';
import type { Definition, Definitions } from '../definition.ts';
import { retentionInputs } from '../definitions.ts';
import { nearest } from '../../core/did-you-mean.ts';
import type { ConfigEntry, YamlReader } from './reading.ts';
import type { WrittenSetting } from '../settings.ts';

/** What the file may say: how a service is released, and what stays of its earlier releases. */
const definitions: Definitions = { ...mainAction.definitions, ...retentionInputs };

/** What one run says, and no file that is the same for all of them. */
const OF_A_RUN: ReadonlySet<string> = new Set([
  'config',
  'environment',
  'dry-run',
  'events-file',
  'summary-file',
]);

/** The inputs that may stand in the file. */
export const configurable: Definitions = Object.fromEntries(
  Object.entries(definitions).filter(([name]) => !OF_A_RUN.has(name) && !isSecret(name)),
);

/** Reads one entry as an input. Null, with the mistake noted: it is none, or cannot stand in a file. */
export function readSetting(
  reading: YamlReader,
  { name, key, value }: ConfigEntry,
  { path, others }: { readonly path: string; readonly others: readonly string[] },
): readonly [string, WrittenSetting] | null {
  if (!Object.hasOwn(configurable, name)) {
    reading.wrong(key, path, { ...whyNot(name, others) });
    return null;
  }
  const text = textOf(reading, { name, key, value }, path);
  return text === null ? null : [name, { text, place: reading.place(key) }];
}

function whyNot(name: string, others: readonly string[]): { readonly problem: string; readonly fix: string } {
  if (isSecret(name)) {
    return {
      problem: 'is secret, and a file in git is no place for it',
      fix: 'give it as an input of the action',
    };
  }
  if (Object.hasOwn(definitions, name)) {
    return { problem: 'belongs to one run', fix: 'give it as an input of the action' };
  }
  const meant = nearest(name, [...Object.keys(configurable), ...others]);
  const fix = meant === null ? 'remove it, or look it up in docs/config.md' : `did you mean ${meant}?`;
  return { problem: 'there is no such key', fix };
}

/** The text that the same input would have in a workflow: lists an entry a line, maps KEY=value a line. */
function textOf(reading: YamlReader, { name, key, value }: ConfigEntry, path: string): string | null {
  const form = definitionOf(name)?.kind.form;
  const node = reading.follow(value);
  if (isSeq(node) && (form === 'list' || form === 'map')) {
    return reading.texts(node, key, path).map(onOneEntry).join('\n');
  }
  if (isMap(node) && form === 'map') {
    const entries = reading.entries(node, path).map((entry) => {
      const text = reading.text(entry.value, entry.key, `${path}.${entry.name}`);
      return text === null ? null : onOneEntry(`${entry.name}=${text}`);
    });
    return entries.includes(null) ? null : entries.join('\n');
  }
  return reading.text(node, key, path)?.trim() ?? null;
}

/** An entry of several lines, quoted as a whole. */
function onOneEntry(text: string): string {
  return /[\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function isSecret(name: string): boolean {
  return definitionOf(name)?.kind.secret === true;
}

function definitionOf(name: string): Definition | undefined {
  return Object.hasOwn(definitions, name) ? definitions[name] : undefined;
}
