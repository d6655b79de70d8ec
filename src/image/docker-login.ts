import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { errorText, UserError } from '../core/failure.ts';
import { SECOND } from '../core/time/clock.ts';
import type { DockerConfig, StoredLogin } from './docker-config.ts';
import { withoutInputs } from './other-programs.ts';
import type { RegistryCredentials } from './registry-access.ts';
import { errorCode } from './system-error.ts';
import { Secret } from '../core/secrecy/secret.ts';

/** Docker Hub is stored under the address of its v1 API; engines name the host of its v2 API. */
const HUB = 'https://index.docker.io/v1/';
const HUB_NAMES = [HUB, 'index.docker.io', 'docker.io', 'registry-1.docker.io'];

const HELPER_ANSWERS_WITHIN = 30 * SECOND;

/**
 * The credentials that Docker has for a registry host, from a credential helper or `docker login`.
 * `null` for anonymous access. Rejects with a UserError when a helper fails.
 */
export async function findLogin(
  config: DockerConfig,
  host: string,
  environment: NodeJS.ProcessEnv,
): Promise<RegistryCredentials | null> {
  const names = HUB_NAMES.includes(host) ? HUB_NAMES : [host];
  const { credHelpers = {}, credsStore, auths = {} } = config;
  const helper = names.map((name) => credHelpers[name]).find(Boolean) ?? credsStore;
  if (helper) return askHelper(helper, names[0]!, environment);
  const stored =
    names.map((name) => auths[name]).find(Boolean) ??
    Object.entries(auths).find(([address]) => names.includes(hostOf(address)))?.[1];
  return stored ? decode(stored) : null;
}

function hostOf(address: string): string {
  return address.replace(/^https?:\/\//, '').split('/')[0] ?? '';
}

function decode({
  auth = '',
  username = '',
  password = '',
  identitytoken,
}: StoredLogin): RegistryCredentials | null {
  if (identitytoken) return { username: '', password: new Secret(identitytoken) };
  if (username !== '') return { username, password: new Secret(password) };
  const [name = '', ...rest] = Buffer.from(auth, 'base64').toString().split(':');
  return name === '' ? null : { username: name, password: new Secret(rest.join(':').replace(/\0+$/, '')) };
}

async function askHelper(
  name: string,
  server: string,
  environment: NodeJS.ProcessEnv,
): Promise<RegistryCredentials | null> {
  const program = `docker-credential-${name}`;
  const { output, failed } = await run(program, server, environment);
  // Helpers report errors on their standard output.
  if (failed && /credentials not found/i.test(output)) return null;
  if (failed) {
    throw new UserError(
      `${program} returned no credentials for ${server} (${output.trim() || 'no reason given'}).`,
    );
  }
  const { Username: username, Secret: secret } = parse(output, program);
  if (!username && !secret) return null;
  const password = new Secret(secret ?? '');
  return { username: username === '<token>' ? '' : (username ?? ''), password };
}

function parse(output: string, program: string): { readonly Username?: string; readonly Secret?: string } {
  try {
    return JSON.parse(output);
  } catch (cause) {
    // The output may contain the password, so it is not shown.
    throw new UserError(`The output of ${program} is not valid JSON: check its installation.`, { cause });
  }
}

/** Runs a credential helper without a shell. */
async function run(
  program: string,
  server: string,
  environment: NodeJS.ProcessEnv,
): Promise<{ readonly output: string; readonly failed: boolean }> {
  const child = spawn(program, ['get'], {
    env: withoutInputs(environment),
    stdio: ['pipe', 'pipe', 'ignore'],
    signal: AbortSignal.timeout(HELPER_ANSWERS_WITHIN),
    killSignal: 'SIGKILL',
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  // A helper that does not read its input closes it.
  child.stdin.on('error', () => undefined);
  child.stdin.end(server);
  try {
    const [output, code] = await Promise.all([text(child.stdout), ended]);
    return { output, failed: code !== 0 };
  } catch (cause) {
    throw new UserError(
      `Docker's configuration gets the credentials for ${server} from ${program}, which ${failureOf(cause)}.`,
      { cause },
    );
  }
}

function failureOf(error: unknown): string {
  if (errorCode(error) === 'ENOENT')
    return "is not on PATH: install it, or remove it from Docker's configuration (credHelpers, credsStore)";
  if (errorCode(error) === 'ABORT_ERR')
    return `did not answer within ${HELPER_ANSWERS_WITHIN / SECOND} seconds: it may wait for a person`;
  return `cannot be run (${errorText(error)})`;
}
