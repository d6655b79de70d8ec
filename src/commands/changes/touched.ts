import { filesMatching, plainPath } from '../../inputs/config/patterns.ts';
import { pathsOf, settingsOf } from '../../inputs/config/settings-of.ts';
import { wavesOf } from '../../inputs/config/waves.ts';
import type { Config } from '../../inputs/config/model.ts';

/** A service that a change touches. */
export interface Touched {
  readonly service: string;
  /** Reasons as text: `web/server.js and 3 more`. */
  readonly reasons: readonly string[];
  /** Services of a lower wave are deployed first; from 1. */
  readonly wave: number;
}

export interface ComparedFiles {
  /** Changed paths relative to the root of the repository; `null` if not known. */
  readonly files: readonly string[] | null;
  /** The configuration before the change; `null` if it was missing or invalid. */
  readonly before: Config | null;
  /** Why everything counts as changed; `null` if it does not. */
  readonly everything: string | null;
}

/**
 * The services that a change touches: by their own files, by files of what they use, and by their
 * settings. Sorted by wave, then by name. Pure.
 */
export function touchedBy(config: Config, { files, before, everything }: ComparedFiles): readonly Touched[] {
  const names = [...config.services.keys()];
  if (everything !== null || files === null) {
    const reasons = [everything ?? 'the changes are not known'];
    return inWaves(config, new Map(names.map((name) => [name, reasons])));
  }
  const sorted = files.toSorted();
  const everywhere = inWords(filesMatching(config.paths, sorted));
  const own = new Map<string, string | null>();
  for (const [name, { paths }] of config.libraries) own.set(name, inWords(filesMatching(paths, sorted)));
  for (const name of names) {
    const files = pathsOf(config, name).flatMap((patterns) => [...filesMatching(patterns, sorted)]);
    own.set(name, inWords(new Set(files)));
  }
  const configChanged = sorted.includes(plainPath(config.file));
  const touched = new Map<string, readonly string[]>();
  for (const name of names) {
    const used = usedBy(config, name).map((part) => [part, own.get(part)] as const);
    const reasons = [
      own.get(name),
      ...used.map(([part, what]) => (what ? `${what}, which it uses (${part})` : null)),
      everywhere && `${everywhere}, which every service uses`,
      configChanged ? settingsChanged(config, before, name) : null,
    ].filter((reason) => typeof reason === 'string');
    if (reasons.length > 0) touched.set(name, reasons);
  }
  return inWaves(config, touched);
}

/** Services that were removed from the configuration. Nothing is removed from AWS. Pure. */
export function goneFrom(config: Config, before: Config | null): readonly string[] {
  return [...(before?.services.keys() ?? [])].filter((name) => !config.services.has(name)).sort();
}

function inWaves(config: Config, touched: ReadonlyMap<string, readonly string[]>): readonly Touched[] {
  const waves = wavesOf([...touched.keys()], (name) => config.services.get(name)?.needs ?? []);
  return [...touched]
    .map(([service, reasons]) => ({ service, reasons, wave: waves.get(service)! }))
    .sort((a, b) => a.wave - b.wave || (a.service < b.service ? -1 : 1));
}

/** Everything that a part uses, directly or indirectly. */
function usedBy({ libraries, services }: Config, name: string): readonly string[] {
  const all = new Set<string>();
  const open = [name];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    for (const used of (services.get(part) ?? libraries.get(part))?.uses ?? []) {
      if (used === name || all.has(used)) continue;
      all.add(used);
      open.push(used);
    }
  }
  return [...all];
}

function settingsChanged(config: Config, before: Config | null, name: string): string | null {
  const known = before?.services.has(name) ? before : null;
  if (known === null)
    return before === null ? `${config.file}, which changed` : `it is new in ${config.file}`;
  const changed = new Set<string>();
  for (const environment of [null, ...config.environments.keys()]) {
    const [then, now] = [textsOf(known, name, environment), textsOf(config, name, environment)];
    for (const input of new Set([...then.keys(), ...now.keys()])) {
      if (then.get(input) !== now.get(input)) changed.add(input);
    }
  }
  return changed.size === 0 ? null : `its ${[...changed].sort().join(', ')} in ${config.file}`;
}

/** If the environment did not exist before, uses the settings without an environment. */
function textsOf(config: Config, name: string, environment: string | null): ReadonlyMap<string, string> {
  const known = environment !== null && !config.environments.has(environment) ? null : environment;
  return new Map([...settingsOf(config, name, known)].map(([input, { text }]) => [input, text]));
}

function inWords(files: ReadonlySet<string>): string | null {
  const [first] = files;
  if (first === undefined) return null;
  return files.size === 1 ? first : `${first} and ${files.size - 1} more`;
}
