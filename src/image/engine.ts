import type Docker from 'dockerode';
import { Duplex, Readable } from 'node:stream';
import { errorCode } from './system-error.ts';
import { errorText, UserError } from '../core/failure.ts';

/**
 * The parts of the Docker engine's API that dockerode has no methods for: upgraded connections and
 * event streams.
 */
export interface Engine {
  /** A POST that is upgraded to a raw connection. */
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
  readonly credentials?: {
    readonly username: string;
    readonly password: string;
    readonly serveraddress: string;
  };
}

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
  const address = engineAddress();
  try {
    const docker = await open();
    await docker.ping();
    return wrap(docker);
  } catch (error) {
    const reason = errorText(error);
    const fix = ['EACCES', 'EPERM'].includes(errorCode(error) ?? '')
      ? 'run as root, or as a member of the group that owns the socket'
      : "start one or set DOCKER_HOST; GitHub's ubuntu runners have one";
    throw new UserError(
      `No Docker engine answers at ${address} (${reason}): ${fix}; to deploy an existing image, set \`image\`.`,
      { cause: error },
    );
  }
}

/**
 * Loads dockerode on first use. dockerode reads DOCKER_HOST and related variables from the
 * process's environment, which `environment` must be.
 */
export async function connectDocker(environment: NodeJS.ProcessEnv): Promise<Docker> {
  if (environment['DOCKER_HOST']?.startsWith('ssh:'))
    throw new Error(
      'ssh is not supported here: forward the socket (ssh -L) and use its unix:// or tcp:// address',
    );
  const { default: Docker } = await import('dockerode');
  return new Docker();
}

function engineAddress(): string {
  return process.env['DOCKER_HOST'] || 'unix:///var/run/docker.sock';
}

function wrap(docker: Docker): Engine {
  const dial = (options: Parameters<typeof docker.modem.dial>[0]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      docker.modem.dial(options, (error, result) => (error ? reject(inItsWords(error)) : resolve(result)));
    });
  return {
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
      });
      if (socket instanceof Duplex) return socket;
      throw new EngineRefusal(
        'The Docker engine did not open a session for the build: it is older than 18.09.',
      );
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
      for await (const line of unbroken(linesOf(answer), signal)) {
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
async function* unbroken(lines: AsyncGenerator<string>, signal: AbortSignal): AsyncGenerator<string> {
  try {
    yield* lines;
  } catch (error) {
    throw signal.aborted ? error : gone(error);
  }
}

function gone(cause: unknown): UserError {
  return new UserError(
    `The Docker engine at ${engineAddress()} closed the connection (${errorText(cause)}): check its log, and run the job again.`,
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
function inItsWords(error: Error): Error {
  if (!('statusCode' in error)) return UNREACHABLE.has(errorCode(error) ?? '') ? gone(error) : error;
  return new EngineRefusal(error.message.replace(/^\(HTTP code \d+\) [\w ]+ - /, '').trim(), {
    cause: error,
  });
}
