import type { ConfigSettings } from '../settings.ts';

/** The content of ecs-ramp.yml: services, their settings, and the files that belong to them. */
export interface Config {
  /** Path as given, for messages. */
  readonly file: string;
  /** Patterns of files that belong to every service. */
  readonly paths: readonly string[];
  readonly defaults: ConfigDefaults;
  readonly environments: ReadonlyMap<string, EnvironmentConfig>;
  readonly libraries: ReadonlyMap<string, LibraryConfig>;
  readonly services: ReadonlyMap<string, ServiceConfig>;
}

export interface ConfigDefaults {
  /** Patterns of the files of each service, with {service} for its name. */
  readonly paths: readonly string[];
  readonly settings: ConfigSettings;
}

/** Shared code with its own files. */
export interface LibraryConfig {
  readonly paths: readonly string[];
  /** Libraries and services whose files also belong to it. */
  readonly uses: readonly string[];
}

export interface ServiceConfig extends LibraryConfig {
  /** Services that are deployed before it, if both are deployed. */
  readonly needs: readonly string[];
  readonly settings: ConfigSettings;
  /** Settings for single environments. */
  readonly environments: ReadonlyMap<string, ConfigSettings>;
}

export interface EnvironmentConfig {
  /**
   * Patterns of the branches that are deployed to it; empty if the workflow names the environment.
   */
  readonly branches: readonly string[];
  readonly settings: ConfigSettings;
}
