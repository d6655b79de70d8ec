import type { Node } from 'yaml';
import { InvalidInputs, type Issue } from '../issue.ts';
import { nearest } from '../../core/did-you-mean.ts';
import type { Config, ConfigDefaults, EnvironmentConfig, LibraryConfig, ServiceConfig } from './model.ts';
import { patternProblem } from './patterns.ts';
import { YamlReader, type ConfigEntry } from './reading.ts';
import { referencesAreKept } from './references.ts';
import { readSetting } from './read-setting.ts';
import type { ConfigSettings, WrittenSetting } from '../settings.ts';

const TOP = ['paths', 'defaults', 'environments', 'libraries', 'services'] as const;

/**
 * Parses ecs-ramp.yml. Throws InvalidInputs with all issues and their lines and columns. `file` is
 * the name in messages. Pure.
 */
export function readConfig(text: string, file: string): Config {
  const { config, issues } = inspectConfig(text, file);
  if (config === null || issues.length > 0) throw new InvalidInputs(issues);
  return config;
}

/** A file as far as it can be read, and everything that is wrong with it. */
export interface InspectedConfig {
  /** Without the entries that are wrong; `null` after a syntax error. */
  readonly config: Config | null;
  /** In the order of the file. */
  readonly issues: readonly Issue[];
}

/** Like `readConfig`, but returns the issues, so that the rest of the file can be checked too. */
export function inspectConfig(text: string, file: string): InspectedConfig {
  const reading = new YamlReader(text, file);
  // After a syntax error, further messages would be misleading.
  if (reading.issues.length > 0) return { config: null, issues: reading.issues };
  try {
    return inspect(reading, file);
  } catch (error) {
    reading.refuseDepth(error);
    return { config: null, issues: reading.issues };
  }
}

function inspect(reading: YamlReader, file: string): InspectedConfig {
  const reader = new ConfigReader(reading);
  const top = reader.known(reading.entries(reading.root, file), '', TOP);
  const config: Config = {
    file,
    paths: reader.patterns(top.get('paths'), 'paths'),
    defaults: reader.defaults(top.get('defaults')),
    environments: reader.each(top.get('environments'), 'environments', reader.environment),
    libraries: reader.each(top.get('libraries'), 'libraries', reader.library),
    services: reader.each(top.get('services'), 'services', reader.service),
  };
  if (config.services.size === 0) {
    reading.wrong(top.get('services')?.key ?? reading.root, 'services', {
      problem: 'the file has no services',
      fix: 'add a service below services:',
    });
  }
  referencesAreKept(reading, config, reader.places);
  return { config, issues: reading.issues.toSorted(byPlace) };
}

function byPlace({ place: a }: Issue, { place: b }: Issue): number {
  return a!.line - b!.line || a!.column - b!.column;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/;

class ConfigReader {
  /** The nodes of keys that may refer to other keys, by path: `services.web.needs`. */
  readonly places = new Map<string, Node>();
  readonly #reading: YamlReader;

  constructor(reading: YamlReader) {
    this.#reading = reading;
  }

  /** The entries by name. An entry that is not in `names` is an issue. */
  known(
    entries: readonly ConfigEntry[],
    path: string,
    names: readonly string[],
  ): ReadonlyMap<string, ConfigEntry> {
    const found = new Map<string, ConfigEntry>();
    for (const entry of entries) {
      if (names.includes(entry.name)) found.set(entry.name, entry);
      else this.#unknown(entry, `${path}${entry.name}`, names);
    }
    return found;
  }

  each<T>(
    entry: ConfigEntry | undefined,
    path: string,
    read: (entries: readonly ConfigEntry[], path: string) => T,
  ): ReadonlyMap<string, T> {
    const found = new Map<string, T>();
    for (const { name, key, value } of this.#entriesOf(entry, path)) {
      const own = `${path}.${name}`;
      this.places.set(own, key);
      if (!NAME.test(name)) {
        this.#reading.wrong(key, own, {
          problem: 'it is not a valid name',
          fix: 'use at most 100 letters, digits, -, _ and .',
        });
      }
      found.set(name, read(this.#reading.entries(value, own), own));
    }
    return found;
  }

  defaults(entry: ConfigEntry | undefined): ConfigDefaults {
    const { rest, taken } = this.#apart(this.#entriesOf(entry, 'defaults'), ['paths']);
    return {
      paths: this.patterns(taken.get('paths'), 'defaults.paths'),
      settings: this.settings(rest, 'defaults', { others: ['paths'], forAll: true }),
    };
  }

  environment = (entries: readonly ConfigEntry[], path: string): EnvironmentConfig => {
    const { rest, taken } = this.#apart(entries, ['branches']);
    return {
      branches: this.patterns(taken.get('branches'), `${path}.branches`),
      settings: this.settings(rest, path, { others: ['branches'], forAll: true }),
    };
  };

  library = (entries: readonly ConfigEntry[], path: string): LibraryConfig => {
    const found = this.known(entries, `${path}.`, ['paths', 'uses']);
    return {
      paths: this.patterns(found.get('paths'), `${path}.paths`),
      uses: this.#texts(found.get('uses'), `${path}.uses`),
    };
  };

  service = (entries: readonly ConfigEntry[], path: string): ServiceConfig => {
    const others = ['paths', 'uses', 'needs', 'environments'];
    const { rest, taken } = this.#apart(entries, others);
    return {
      paths: this.patterns(taken.get('paths'), `${path}.paths`),
      uses: this.#texts(taken.get('uses'), `${path}.uses`),
      needs: this.#texts(taken.get('needs'), `${path}.needs`),
      environments: this.each(taken.get('environments'), `${path}.environments`, (own, ownPath) =>
        this.settings(own, ownPath, { others: [], forAll: false }),
      ),
      settings: this.settings(rest, path, { others, forAll: false }),
    };
  };

  settings(
    entries: readonly ConfigEntry[],
    path: string,
    { others, forAll }: { readonly others: readonly string[]; readonly forAll: boolean },
  ): ConfigSettings {
    const settings = new Map<string, WrittenSetting>();
    for (const entry of entries) {
      const own = `${path}.${entry.name}`;
      if (forAll && entry.name === 'service') {
        this.#reading.wrong(entry.key, own, {
          problem: 'it would be the same for all services',
          fix: 'write it below a service whose name in ECS is different',
        });
        continue;
      }
      const setting = readSetting(this.#reading, entry, { path: own, others });
      if (setting !== null) settings.set(...setting);
    }
    return settings;
  }

  patterns(entry: ConfigEntry | undefined, path: string): readonly string[] {
    return this.#texts(entry, path).filter((pattern, index) => {
      const problem = patternProblem(pattern);
      if (problem !== null) this.#reading.wrong(entry!.value ?? entry!.key, `${path}[${index}]`, problem);
      return problem === null;
    });
  }

  #texts(entry: ConfigEntry | undefined, path: string): readonly string[] {
    if (entry === undefined) return [];
    this.places.set(path, entry.key);
    return this.#reading.texts(entry.value, entry.key, path);
  }

  #entriesOf(entry: ConfigEntry | undefined, path: string): readonly ConfigEntry[] {
    return entry === undefined ? [] : this.#reading.entries(entry.value, path);
  }

  #apart(entries: readonly ConfigEntry[], names: readonly string[]) {
    const taken = new Map(
      entries.filter(({ name }) => names.includes(name)).map((entry) => [entry.name, entry]),
    );
    return { taken, rest: entries.filter(({ name }) => !names.includes(name)) };
  }

  #unknown({ name, key }: ConfigEntry, path: string, names: readonly string[]): void {
    const meant = nearest(name, names);
    this.#reading.wrong(key, path, {
      problem: 'there is no such key',
      fix: meant === null ? `write one of ${names.join(', ')}` : `did you mean ${meant}?`,
    });
  }
}
