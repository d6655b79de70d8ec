import { basename, dirname } from 'node:path';
import type { BuildStep } from '../core/trail/event.ts';
import type { BuildRequest } from '../core/request.ts';
import { type Clock, SECOND } from '../core/time/clock.ts';
import { explainFailure } from './build-failed.ts';
import { BuildLog } from './build-log.ts';
import { EngineRefusal, type Engine } from './engine.ts';
import { UserError } from '../core/failure.ts';
import { withHeartbeat } from '../core/time/heartbeat.ts';
import type { RegistryCredentials } from './registry-access.ts';
import { authMethod } from './session/auth.ts';
import { fileSyncMethod } from './session/filesync.ts';
import { secretsMethod } from './session/secrets.ts';
import { sshMethods } from './session/ssh.ts';
import { openSession } from './session/session.ts';
import { decodeTrace } from './trace.ts';

export interface ImageBuild {
  readonly engine: Engine;
  readonly request: BuildRequest;
  readonly labels: Readonly<Record<string, string>>;
  /** Names of the image: `registry.example.com/shop/web:v1`. */
  readonly names: readonly string[];
  /** The credentials of a registry host; `null` for anonymous access. */
  readonly login: (host: string) => Promise<RegistryCredentials | null>;
  readonly clock: Clock;
  readonly say: (line: string) => void;
  readonly redact: (text: string) => string;
  readonly signal: AbortSignal;
}

/** Builds with the engine's BuildKit. Rejects with a UserError that names step, line and reason. */
export async function buildImage(options: ImageBuild): Promise<BuildStep[]> {
  const { engine, request, clock, redact, signal } = options;

  const LONGEST_SILENCE = 20 * SECOND;
  const unreadable: Error[] = [];
  const directories = new Map([
    ['context', request.context],
    ['dockerfile', dirname(request.file)],
  ]);
  let noAgent: string | null = null;
  const secrets = new Map(Object.entries(request.buildSecrets));
  const session = await openSession({
    engine,
    place: request.context,
    methods: new Map([
      [
        '/moby.filesync.v1.FileSync/DiffCopy',
        fileSyncMethod(directories, (problem) => unreadable.push(problem)),
      ],
      [
        '/moby.filesync.v1.Auth/Credentials',
        authMethod(options.login, (problem) => unreadable.push(problem)),
      ],
      ['/moby.buildkit.secrets.v1.Secrets/GetSecret', secretsMethod(secrets)],
      ...sshMethods(process.env['SSH_AUTH_SOCK'], (problem) => (noAgent = problem)),
    ]),
  });
  const talk = withHeartbeat(clock, LONGEST_SILENCE, {
    say: options.say,
    remind: () => options.say(log.running(clock.now())),
  });
  const log = new BuildLog({ say: talk.say, redact });
  try {
    for await (const event of engine.events({ path: '/build', query: query(options, session.id), signal }))
      if (event.id === TRACE && typeof event.aux === 'string')
        log.add(decodeTrace(Buffer.from(event.aux, 'base64')));
    signal.throwIfAborted();
    return log.steps();
  } catch (cause) {
    if (!(cause instanceof EngineRefusal)) throw cause;
    const message = redact(unreadable[0]?.message ?? cause.message);
    const step = log.failed(message);
    const failure = { file: request.file, target: request.target, message, step, cause };
    throw withHint(await explainFailure(failure), noAgent);
  } finally {
    talk.end();
    session.close();
  }
}

/** Adds a possible cause that the engine does not report. */
function withHint(error: UserError, hint: string | null): UserError {
  if (hint === null || error.message.includes(hint)) return error;
  return new UserError(`${error.message}\n${hint}`, { cause: error.cause });
}

const TRACE = 'moby.buildkit.trace';

function query(
  { request, labels, names }: ImageBuild,
  session: string,
): Record<string, string | readonly string[]> {
  const { buildArgs, cacheFrom, platforms, target } = request;
  // Layers of an image can be reused only if it contains the cache metadata.
  const inlineCache = cacheFrom.length > 0 ? { BUILDKIT_INLINE_CACHE: '1' } : {};
  return {
    version: '2',
    remote: 'client-session',
    session,
    dockerfile: basename(request.file),
    t: names,
    buildargs: JSON.stringify({ ...inlineCache, ...buildArgs }),
    labels: JSON.stringify(labels),
    cachefrom: JSON.stringify(cacheFrom),
    ...(target !== null && { target }),
    ...(platforms[0] !== undefined && { platform: platforms[0] }),
  };
}
