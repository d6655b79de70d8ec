import type { ConfigSettings } from '../settings.ts';

/** ecs-ramp.yml, read: what there is to deploy, how, and which files it comes from. */
export interface Config {
  /** As it was given; messages name it. */
  readonly file: string;
  /** Patterns of files that belong to every service. */
  readonly paths: readonly string[];
  readonly defaults: ConfigDefaults;
  readonly environments: ReadonlyMap<string, EnvironmentConfig>;
  readonly libraries: ReadonlyMap<string, LibraryConfig>;
  readonly services: ReadonlyMap<string, ServiceConfig>;
}

export interface ConfigDefaults {
  /** Patterns of every service's own files, with {service} for its name. */
  readonly paths: readonly string[];
  readonly settings: ConfigSettings;
}

/** Code with files of its own. */
export interface LibraryConfig {
  readonly paths: readonly string[];
  /** Libraries and services whose files belong to it too. */
  readonly uses: readonly string[];
}

export interface ServiceConfig extends LibraryConfig {
  /** Services that are deployed before it where both are deployed. */
  readonly needs: readonly string[];
  readonly settings: ConfigSettings;
  /** Settings in one environment only. */
  readonly environments: ReadonlyMap<string, ConfigSettings>;
}

export interface EnvironmentConfig {
  /** Patterns of the branches that are deployed to it; none: the workflow names it. */
  readonly branches: readonly string[];
  readonly settings: ConfigSettings;
}
