import type { Node } from 'yaml';
import { nearest } from '../../core/did-you-mean.ts';
import type { Config } from './model.ts';
import type { YamlReader } from './reading.ts';
import { MOST_WAVES, wavesOf } from './waves.ts';

/** Adds an issue for each name that does not exist, and for each cycle of `needs`. */
export function referencesAreKept(
  reading: YamlReader,
  { environments, libraries, services }: Config,
  places: ReadonlyMap<string, Node>,
): void {
  const exists = (path: string, names: readonly string[], known: readonly string[], what: string) => {
    for (const name of names) {
      if (known.includes(name)) continue;
      const meant = nearest(name, known);
      reading.wrong(places.get(path)!, path, {
        problem: `there is no ${what} "${name}"`,
        fix: meant === null ? `the file defines: ${known.join(', ') || 'none'}` : `did you mean ${meant}?`,
      });
    }
  };
  let circles = false;
  const parts = [...libraries.keys(), ...services.keys()];
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
    exists(`${path}.needs`, service.needs, [...services.keys()], 'service');
    for (const environment of service.environments.keys()) {
      exists(`${path}.environments.${environment}`, [environment], [...environments.keys()], 'environment');
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

/** The path from a name back to itself; `null` without a cycle. */
function circleFrom(start: string, next: (name: string) => readonly string[]): readonly string[] | null {
  const seen = new Set<string>();
  const ways: string[][] = [[start]];
  for (let way = ways.pop(); way !== undefined; way = ways.pop()) {
    for (const name of next(way.at(-1)!)) {
      if (name === start) return [...way, name];
      if (seen.has(name)) continue;
      seen.add(name);
      ways.push([...way, name]);
    }
  }
  return null;
}
