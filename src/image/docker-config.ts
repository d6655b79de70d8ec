import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { RegistryCredentials } from './registry-access.ts';
import { isNoSuchFile } from './system-error.ts';

/** The used part of the configuration that `docker login` writes. */
export interface DockerConfig {
  readonly auths?: Readonly<Record<string, { readonly auth?: string }>>;
  readonly credHelpers?: Readonly<Record<string, string>>;
}

export function dockerConfigFolder(environment: NodeJS.ProcessEnv): string {
  return environment['DOCKER_CONFIG'] || join(homedir(), '.docker');
}

/** An empty object when the file does not exist. */
export async function readDockerConfig(environment: NodeJS.ProcessEnv): Promise<DockerConfig> {
  try {
    const config: DockerConfig = JSON.parse(
      await readFile(join(dockerConfigFolder(environment), 'config.json'), 'utf8'),
    );
    return config;
  } catch (error) {
    if (isNoSuchFile(error)) return {};
    throw error;
  }
}

/**
 * Registry host to the credentials that an earlier `docker login` (or docker/login-action) stored:
 * base images may require them. Credential helpers are not read.
 */
export async function loggedIn(environment: NodeJS.ProcessEnv): Promise<Map<string, RegistryCredentials>> {
  const { auths = {} } = await readDockerConfig(environment);
  const known = new Map<string, RegistryCredentials>();
  for (const [address, { auth = '' }] of Object.entries(auths)) {
    const [username = '', ...password] = Buffer.from(auth, 'base64').toString().split(':');
    if (username !== '') known.set(hostOf(address), { username, password: password.join(':') });
  }
  return known;
}

/**
 * `docker login` stores Docker Hub under the address of its v1 API; BuildKit requests it by that of
 * its v2 API.
 */
function hostOf(address: string): string {
  const host = address.replace(/^https?:\/\//, '').split('/')[0] ?? '';
  return ['index.docker.io', 'docker.io'].includes(host) ? 'registry-1.docker.io' : host;
}
