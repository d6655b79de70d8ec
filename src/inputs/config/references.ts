import type { Node } from 'yaml';
import { nearest } from '../../core/did-you-mean.ts';
import type { Config } from './model.ts';
import type { YamlReader } from './reading.ts';
import { MOST_WAVES, wavesOf } from './waves.ts';

/** A file with more mistakes is not corrected by suggestions. */
const MOST_SUGGESTIONS = 50;
const MOST_NAMES = 30;

/** Adds an issue for each name that does not exist, and for each cycle of `needs`. */
export function referencesAreKept(
  reading: YamlReader,
  { environments, libraries, services }: Config,
  places: ReadonlyMap<string, Node>,
): void {
  let suggestions = MOST_SUGGESTIONS;
  const exists = (path: string, names: readonly string[], known: ReadonlySet<string>, what: string) => {
    for (const name of names) {
      if (known.has(name)) continue;
      const meant = suggestions-- > 0 ? nearest(name, known) : null;
      reading.wrong(places.get(path)!, path, {
        problem: `there is no ${what} "${name}"`,
        fix: meant === null ? `the file defines: ${someOf(known)}` : `did you mean ${meant}?`,
      });
    }
  };
  let circles = false;
  const parts = new Set([...libraries.keys(), ...services.keys()]);
  const serviceNames = new Set(services.keys());
  const environmentNames = new Set(environments.keys());
  for (const name of libraries.keys()) {
    if (!services.has(name)) continue;
    const path = `libraries.${name}`;
    reading.wrong(places.get(path)!, path, {
      problem: 'a service has the same name',
      fix: 'give it a different name',
    });
  }
  for (const [name, { uses }] of libraries)
    exists(`libraries.${name}.uses`, uses, parts, 'library or service');
  for (const [name, service] of services) {
    const path = `services.${name}`;
    exists(`${path}.uses`, service.uses, parts, 'library or service');
    exists(`${path}.needs`, service.needs, serviceNames, 'service');
    for (const environment of service.environments.keys()) {
      exists(`${path}.environments.${environment}`, [environment], environmentNames, 'environment');
    }
    const circle = circleFrom(name, (of) => services.get(of)?.needs ?? []);
    if (circle === null) continue;
    circles = true;
    reading.wrong(places.get(`${path}.needs`)!, `${path}.needs`, {
      problem: `it contains a cycle: ${circle.join(' needs ')}`,
      fix: 'remove one of them',
    });
  }
  if (circles) return;
  const waves = wavesOf([...services.keys()], (name) => services.get(name)?.needs ?? []);
  for (const [name, wave] of waves) {
    if (wave <= MOST_WAVES) continue;
    const path = `services.${name}.needs`;
    reading.wrong(places.get(path)!, path, {
      problem: `${wave - 1} services would be deployed before it, one after the other; the maximum is ${MOST_WAVES - 1}`,
      fix: 'remove one of the needs in the chain',
    });
  }
}

function someOf(names: ReadonlySet<string>): string {
  const shown = [...names].slice(0, MOST_NAMES);
  if (shown.length === 0) return 'none';
  return names.size > shown.length
    ? `${shown.join(', ')} and ${names.size - shown.length} more`
    : shown.join(', ');
}

/** The path from a name back to itself; `null` without a cycle. */
function circleFrom(start: string, next: (name: string) => readonly string[]): readonly string[] | null {
  const before = new Map<string, string>();
  const open = [start];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const name of next(at)) {
      if (name === start) return [...wayTo(at, before), name];
      if (before.has(name)) continue;
      before.set(name, at);
      open.push(name);
    }
  }
  return null;
}

function wayTo(end: string, before: ReadonlyMap<string, string>): readonly string[] {
  const way: string[] = [];
  for (let at: string | undefined = end; at !== undefined; at = before.get(at)) way.push(at);
  return way.toReversed();
}
