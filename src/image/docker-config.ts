import type { Environment } from '../core/environment.ts';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { errorText, UserError } from '../core/failure.ts';
import { isNoSuchFile } from './system-error.ts';

/** The used part of Docker's configuration, which `docker login` and `docker context use` write. */
export interface DockerConfig {
  readonly auths?: Readonly<Record<string, StoredLogin>>;
  /** Registry to the helper that has its credentials. */
  readonly credHelpers?: Readonly<Record<string, string>>;
  /** The helper that has the credentials of all other registries. */
  readonly credsStore?: string;
  readonly currentContext?: string;
  /** Address of the engine, or `default`, to the proxies of builds. */
  readonly proxies?: Readonly<Record<string, BuildProxies>>;
}

export interface StoredLogin {
  /** `USERNAME:PASSWORD` in Base64. */
  readonly auth?: string;
  readonly username?: string;
  readonly password?: string;
  /** Takes the place of a password. */
  readonly identitytoken?: string;
}

export interface BuildProxies {
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  readonly noProxy?: string;
  readonly ftpProxy?: string;
  readonly allProxy?: string;
}

export function dockerConfigFolder(environment: Environment): string {
  return environment['DOCKER_CONFIG'] || join(homedir(), '.docker');
}

/**
 * An empty configuration when the file does not exist. The variable DOCKER_AUTH_CONFIG adds logins.
 * Rejects with a UserError that names what is not valid JSON.
 */
export async function readDockerConfig(environment: Environment): Promise<DockerConfig> {
  const file = join(dockerConfigFolder(environment), 'config.json');
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (isNoSuchFile(error)) return '{}';
    throw new UserError(`Docker's configuration cannot be read: ${errorText(error)}`, { cause: error });
  });
  const config = parse(text, file);
  const more = environment['DOCKER_AUTH_CONFIG'];
  if (!more) return config;
  return { ...config, auths: { ...config.auths, ...parse(more, 'DOCKER_AUTH_CONFIG').auths } };
}

function parse(text: string, place: string): DockerConfig {
  try {
    const config: unknown = JSON.parse(text);
    if (typeof config === 'object' && config !== null && !Array.isArray(config)) return config;
  } catch (cause) {
    // The text may contain passwords, so the parser's message is not shown.
    throw new UserError(`${place} is not valid JSON: correct Docker's configuration, or remove it.`, {
      cause,
    });
  }
  throw new UserError(`${place} is not a JSON object: correct Docker's configuration, or remove it.`);
}

/**
 * The build arguments for the proxies of the engine at `address`, as `docker build` sets them. A proxy
 * that is in `given` in either case is left out: BuildKit takes any one of two that differ only in case.
 */
export function proxyBuildArgs(
  { proxies = {} }: DockerConfig,
  address: string,
  given: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const { httpProxy, httpsProxy, noProxy, ftpProxy, allProxy } = proxies[address] ?? proxies['default'] ?? {};
  const found = Object.entries({
    HTTP_PROXY: httpProxy,
    HTTPS_PROXY: httpsProxy,
    NO_PROXY: noProxy,
    FTP_PROXY: ftpProxy,
    ALL_PROXY: allProxy,
  });
  const own = new Set(Object.keys(given).map((name) => name.toUpperCase()));
  const args: Record<string, string> = {};
  for (const [name, value] of found)
    if (value && !own.has(name)) Object.assign(args, { [name]: value, [name.toLowerCase()]: value });
  return args;
}
