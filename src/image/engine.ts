import type Docker from 'dockerode';
import http from 'node:http';
import https from 'node:https';
import { Duplex, Readable } from 'node:stream';
import { engineAddress } from './engine-address.ts';
import { explainNoSession } from './no-session.ts';
import { errorCode } from './system-error.ts';
import { errorText, UserError } from '../core/failure.ts';

/** The Docker engine's API: dockerode, and what it has no methods for. */
export interface Engine {
  /** `unix:///var/run/docker.sock` */
  readonly address: string;
  readonly docker: Docker;
  /** A POST that is upgraded to a raw connection. Rejects with a UserError if the engine refuses. */
  upgrade(path: string, headers: Readonly<Record<string, string | string[]>>): Promise<Duplex>;
  /**
   * A POST that answers with a JSON stream. Throws an EngineRefusal for the first error in the
   * stream.
   */
  events(request: EngineRequest): AsyncGenerator<EngineEvent>;
}

export interface EngineRequest {
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  readonly signal: AbortSignal;
  /** Sent to the engine in a header. */
  readonly credentials?: EngineCredentials;
}

export type EngineCredentials = { readonly serveraddress: string } & (
  { readonly username: string; readonly password: string } | { readonly identitytoken: string }
);

export interface EngineEvent {
  readonly id?: string;
  readonly status?: string;
  readonly progress?: string;
  readonly aux?: unknown;
  readonly error?: string;
  readonly errorDetail?: { readonly message?: string };
}

/**
 * An error with the engine's own message, from the status of its answer or from its event stream.
 */
export class EngineRefusal extends Error {
  override readonly name = 'EngineRefusal';
}

/** Rejects with a UserError when no engine answers. */
export async function connectEngine(open: () => Promise<Docker>): Promise<Engine> {
  const { url, from } = await engineAddress(process.env);
  try {
    const docker = await open();
    await docker.ping();
    return wrap(docker, url);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const reason = errorText(error) || errorCode(error);
    const place = from === null ? url : `${url}, by ${from}`;
    const fix = ['EACCES', 'EPERM'].includes(errorCode(error) ?? '')
      ? 'run as root, or as a member of the group that owns the socket'
      : "start one or set DOCKER_HOST; GitHub's ubuntu runners have one";
    throw new UserError(
      `No Docker engine answers at ${place} (${reason}): ${fix}; to deploy an existing image, set \`image\`.`,
      { cause: error },
    );
  }
}

/**
 * Connects to the engine that the docker command would use. Loads dockerode on first use. Rejects
 * with a UserError for an address that is not supported.
 */
export async function connectDocker(environment: NodeJS.ProcessEnv): Promise<Docker> {
  const { url, tls, from } = await engineAddress(environment);
  const { default: Docker } = await import('dockerode');
  // The agent of the process may use a proxy.
  const direct = { agent: new http.Agent() };
  if (url.startsWith('unix://')) {
    const socketPath = url.slice('unix://'.length);
    // Without a path, dockerode looks for the default socket, also that of Docker Desktop.
    return new Docker({ ...direct, ...(from !== null && socketPath !== '' && { socketPath }) });
  }
  if (url.startsWith('npipe://')) return new Docker({ ...direct, socketPath: url.slice('npipe://'.length) });
  const parsed = URL.parse(url.includes('://') ? url : `tcp://${url}`);
  if (parsed === null || !/^(tcp|http|https):$/.test(parsed.protocol)) throw unsupported(url, from);
  const isSecure = tls !== null || parsed.protocol === 'https:';
  return new Docker({
    host: parsed.hostname,
    port: parsed.port || (isSecure ? 2376 : 2375),
    protocol: isSecure ? 'https' : 'http',
    ...(tls?.ca && { ca: tls.ca }),
    ...(tls?.cert && { cert: tls.cert }),
    ...(tls?.key && { key: tls.key }),
    ...(isSecure ? { agent: new https.Agent({ rejectUnauthorized: tls?.verify !== false }) } : direct),
  });
}

function unsupported(url: string, from: string | null): UserError {
  const shown = url.replace(/\/\/[^@/]*@/, '//');
  const fix = url.startsWith('ssh:')
    ? 'forward the socket of that machine (ssh -L /tmp/docker.sock:/var/run/docker.sock) and set DOCKER_HOST to unix:///tmp/docker.sock'
    : 'write unix:///PATH or tcp://HOST:PORT';
  return new UserError(
    `ecs-ramp cannot connect to the Docker engine at ${shown}${from === null ? '' : `, by ${from}`}: ${fix}.`,
  );
}

function wrap(docker: Docker, address: string): Engine {
  const dial = (options: Parameters<typeof docker.modem.dial>[0]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      docker.modem.dial(options, (error, result) =>
        error ? reject(inItsWords(error, address)) : resolve(result),
      );
    });
  return {
    address,
    docker,
    async upgrade(path, headers) {
      const socket = await dial({
        path,
        method: 'POST',
        headers: { ...headers },
        hijack: true,
        // An empty body of known length: the end of a chunked body would arrive on the upgraded
        // connection.
        file: Buffer.alloc(0),
        statusCodes: { 200: true, 500: 'server error' },
      }).catch((error: unknown) => {
        if (error instanceof EngineRefusal) return error;
        throw error;
      });
      if (socket instanceof Duplex) return socket;
      throw await explainNoSession(docker, address, socket instanceof EngineRefusal ? socket : null);
    },
    async *events({ path, query, signal, credentials }) {
      const answer = await dial({
        path: `${path}?`,
        method: 'POST',
        options: { _query: query, _body: {} },
        isStream: true,
        statusCodes: { 200: true, 500: 'server error' },
        abortSignal: signal,
        ...(credentials && { authconfig: credentials }),
      });
      if (!(answer instanceof Readable))
        throw new EngineRefusal(`The Docker engine sent no answer to ${path}.`);
      for await (const line of unbroken(linesOf(answer), signal, address)) {
        const event: EngineEvent = JSON.parse(line);
        if (event.error !== undefined || event.errorDetail)
          throw new EngineRefusal(event.errorDetail?.message ?? event.error ?? 'unknown error');
        yield event;
      }
    },
  };
}

/**
 * Explains a stream that breaks off because the engine closed it; a cancelled job ends it itself.
 */
async function* unbroken(
  lines: AsyncGenerator<string>,
  signal: AbortSignal,
  address: string,
): AsyncGenerator<string> {
  try {
    yield* lines;
  } catch (error) {
    throw signal.aborted ? error : gone(error, address);
  }
}

function gone(cause: unknown, address: string): UserError {
  return new UserError(
    `The Docker engine at ${address} closed the connection (${errorText(cause)}): check its log, and run the job again.`,
    { cause },
  );
}

async function* linesOf(stream: Readable): AsyncGenerator<string> {
  stream.setEncoding('utf8');
  let rest = '';
  for await (const chunk of stream as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line.trim() !== '');
  }
  if (rest.trim() !== '') yield rest;
}

const UNREACHABLE: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE']);

/** Removes the prefix that dockerode adds to the engine's message. */
function inItsWords(error: Error, address: string): Error {
  if (!('statusCode' in error)) return UNREACHABLE.has(errorCode(error) ?? '') ? gone(error, address) : error;
  return new EngineRefusal(error.message.replace(/^\(HTTP code \d+\) [\w ]+ - /, '').trim(), {
    cause: error,
  });
}
