import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorText, UserError } from '../core/failure.ts';
import { dockerConfigFolder, readDockerConfig } from './docker-config.ts';
import { isNoSuchFile } from './system-error.ts';

export interface EngineAddress {
  /** `unix:///var/run/docker.sock`, `tcp://10.0.0.1:2376`. */
  readonly url: string;
  readonly tls: EngineTls | null;
  /** What names this address: `DOCKER_HOST`, or a context; `null` for the default. */
  readonly from: string | null;
}

export interface EngineTls {
  readonly ca: Buffer | null;
  readonly cert: Buffer | null;
  readonly key: Buffer | null;
  readonly verify: boolean;
}

const DEFAULT_URL = 'unix:///var/run/docker.sock';

/**
 * The engine that the docker command would use: DOCKER_HOST, else the context that DOCKER_CONTEXT or
 * `docker context use` names, else the default socket. Rejects with a UserError.
 */
export async function engineAddress(environment: NodeJS.ProcessEnv): Promise<EngineAddress> {
  const host = environment['DOCKER_HOST'];
  if (host) return { url: host, tls: await tlsOf(host, environment), from: 'DOCKER_HOST' };
  const fromVariable = environment['DOCKER_CONTEXT'];
  const context = fromVariable || (await readDockerConfig(environment)).currentContext;
  if (!context || context === 'default') return { url: DEFAULT_URL, tls: null, from: null };
  return contextNamed(context, fromVariable ? 'DOCKER_CONTEXT' : 'currentContext', environment);
}

/** TLS by the variables of the docker command. */
async function tlsOf(host: string, environment: NodeJS.ProcessEnv): Promise<EngineTls | null> {
  const { DOCKER_TLS_VERIFY: verify, DOCKER_TLS: tls, DOCKER_CERT_PATH: path } = environment;
  const isTcp = !/^(unix|npipe|ssh|fd):/.test(host);
  if (!isTcp || (!verify && !tls && !host.endsWith(':2376'))) return null;
  const folder = path || dockerConfigFolder(environment);
  return { ...(await certificatesIn(folder)), verify: Boolean(verify) || !tls };
}

async function contextNamed(
  name: string,
  by: string,
  environment: NodeJS.ProcessEnv,
): Promise<EngineAddress> {
  const contexts = join(dockerConfigFolder(environment), 'contexts');
  const id = createHash('sha256').update(name).digest('hex');
  const file = join(contexts, 'meta', id, 'meta.json');
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UserError(
      isNoSuchFile(cause)
        ? `${by} names the Docker context "${name}", which does not exist in ${contexts}: create it (docker context create ${name}), or set DOCKER_HOST.`
        : `The Docker context "${name}" cannot be read: ${errorText(cause)}`,
      { cause },
    );
  });
  const { Host: url, SkipTLSVerify: skip = false } = endpointOf(text, file);
  const certificates = await certificatesIn(join(contexts, 'tls', id, 'docker'));
  const usesTls = skip || Object.values(certificates).some((part) => part !== null);
  const tls = usesTls ? { ...certificates, verify: !skip } : null;
  return { url: url || DEFAULT_URL, tls, from: `the Docker context "${name}"` };
}

interface Endpoint {
  readonly Host?: string;
  readonly SkipTLSVerify?: boolean;
}

function endpointOf(text: string, file: string): Endpoint {
  try {
    const meta: { readonly Endpoints?: { readonly docker?: Endpoint } } = JSON.parse(text);
    return meta.Endpoints?.docker ?? {};
  } catch (cause) {
    throw new UserError(`${file} is not valid JSON: create the Docker context again.`, { cause });
  }
}

/** Each is `null` when there is no such file. */
async function certificatesIn(folder: string): Promise<Omit<EngineTls, 'verify'>> {
  const read = (name: string): Promise<Buffer | null> =>
    readFile(join(folder, name)).catch((cause: unknown) => {
      if (isNoSuchFile(cause)) return null;
      throw new UserError(`${join(folder, name)} cannot be read: ${errorText(cause)}`, { cause });
    });
  const [ca, cert, key] = await Promise.all([read('ca.pem'), read('cert.pem'), read('key.pem')]);
  return { ca, cert, key };
}
