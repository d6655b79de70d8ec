import type { Settings } from './written.ts';

export { askedEnvironment, askedSettings } from './asked-settings.ts';
export { loadConfig } from './load.ts';
export { matcher, matching } from './patterns.ts';
export { readConfig } from './read-config.ts';
export { configSchema } from './schema.ts';
export { environmentOf, pathsOf, settingsOf } from './settings-of.ts';
export { MOST_WAVES, wavesOf } from './waves.ts';
export type { Settings, Written } from './written.ts';

/** ecs-ramp.yml, read: what there is to deploy, how, and which files it comes from. */
export interface Config {
  /** As it was given; messages name it. */
  readonly file: string;
  /** Patterns of files that belong to every service. */
  readonly paths: readonly string[];
  readonly defaults: Defaults;
  readonly environments: ReadonlyMap<string, Environment>;
  readonly libraries: ReadonlyMap<string, Part>;
  readonly services: ReadonlyMap<string, Service>;
}

export interface Defaults {
  /** Patterns of every service's own files, with {service} for its name. */
  readonly paths: readonly string[];
  readonly settings: Settings;
}

/** Code with files of its own. */
export interface Part {
  readonly paths: readonly string[];
  /** Libraries and services whose files belong to it too. */
  readonly uses: readonly string[];
}

export interface Service extends Part {
  /** Services that are deployed before it where both are deployed. */
  readonly needs: readonly string[];
  readonly settings: Settings;
  /** Settings in one environment only. */
  readonly environments: ReadonlyMap<string, Settings>;
}

export interface Environment {
  /** Patterns of the branches that are deployed to it; none: the workflow names it. */
  readonly branches: readonly string[];
  readonly settings: Settings;
}
