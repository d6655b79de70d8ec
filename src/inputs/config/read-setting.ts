import { isMap, isSeq } from 'yaml';
import { mainAction } from '../actions/main.ts';
import type { Definition, Definitions } from '../definition.ts';
import { retentionInputs } from '../definitions.ts';
import { nearest } from '../../core/did-you-mean.ts';
import type { ConfigEntry, YamlReader } from './reading.ts';
import type { WrittenSetting } from '../settings.ts';

/** The inputs of a deployment, and how many earlier releases are kept. */
const definitions: Definitions = { ...mainAction.definitions, ...retentionInputs };

/** Inputs that belong to a single run and are not allowed in the file. */
const OF_A_RUN: ReadonlySet<string> = new Set([
  'config',
  'environment',
  'dry-run',
  'events-file',
  'summary-file',
]);

/** The inputs that are allowed in the file. */
export const configurable: Definitions = Object.fromEntries(
  Object.entries(definitions).filter(([name]) => !OF_A_RUN.has(name) && !isSecret(name)),
);

/**
 * Reads one entry as an input. Adds an issue and returns `null` if the entry is invalid or not
 * allowed in the file.
 */
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
      problem: 'it is a secret and must not be stored in a file in Git',
      fix: 'give it as an input of the action',
    };
  }
  if (Object.hasOwn(definitions, name)) {
    return { problem: 'it belongs to a single run', fix: 'give it as an input of the action' };
  }
  const meant = nearest(name, [...Object.keys(configurable), ...others]);
  const fix = meant === null ? 'remove it, or look it up in docs/config.md' : `did you mean ${meant}?`;
  return { problem: 'there is no such key', fix };
}

/**
 * The text of the same input in a workflow: one entry of a list, or one KEY=value of a map, per
 * line.
 */
function textOf(reading: YamlReader, { name, key, value }: ConfigEntry, path: string): string | null {
  const form = definitionOf(name)?.type.form;
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

/** Quotes an entry that has several lines. */
function onOneEntry(text: string): string {
  return /[\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function isSecret(name: string): boolean {
  return definitionOf(name)?.type.secret === true;
}

function definitionOf(name: string): Definition | undefined {
  return Object.hasOwn(definitions, name) ? definitions[name] : undefined;
}
