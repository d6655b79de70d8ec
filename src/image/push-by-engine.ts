import { type Clock, SECOND } from '../core/time/clock.ts';
import { EngineRefusal, type Engine, type EngineEvent } from './engine.ts';
import { withHeartbeat } from '../core/time/heartbeat.ts';
import type { RegistryAccess, RegistryCredentials } from './registry-access.ts';
import { verifyPushed } from './verify-pushed.ts';
import { UserError } from '../core/failure.ts';

const LONGEST_SILENCE = 20 * SECOND;

export interface EnginePush {
  readonly engine: Engine;
  readonly registry: RegistryAccess;
  readonly tags: readonly string[];
  readonly clock: Clock;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Pushes the tags in order. Returns the digest that the registry reports. */
export async function pushByEngine(options: EnginePush): Promise<string> {
  const digests = new Set<string>();
  for (const tag of options.tags) digests.add(await pushTag(options, tag));
  const [digest, another] = digests;
  if (digest === undefined || another !== undefined)
    throw new UserError(
      `The tags ${options.tags.join(', ')} were pushed as different images (${[...digests].join(', ')}): another run pushed at the same time. Run the job again.`,
    );
  return digest;
}

async function pushTag(options: EnginePush, tag: string): Promise<string> {
  const { engine, registry, clock, signal } = options;
  const name = `${registry.host}/${registry.repository}`;
  const layers = new Layers();
  const talk = withHeartbeat(clock, LONGEST_SILENCE, {
    say: options.say,
    remind: () => options.say(`Still pushing ${name}:${tag}: ${layers.describe()}.`),
  });
  talk.say(`Pushing ${name}:${tag}`);
  try {
    const credentials = await registry.credentials();
    const events = engine.events({
      path: `/images/${name}/push`,
      query: { tag },
      signal,
      credentials: { ...forEngine(credentials), serveraddress: registry.host },
    });
    let told: string | null = null;
    for await (const event of events) {
      const line = layers.add(event);
      if (line) talk.say(line);
      told = digestIn(event.aux) ?? told;
    }
    signal.throwIfAborted();
    return await verifyPushed({ registry, tag, told });
  } catch (error) {
    throw error instanceof EngineRefusal ? explain(error, registry, tag) : error;
  } finally {
    talk.end();
  }
}

/** The engine requires credentials even for an anonymous push. */
function forEngine(
  credentials: RegistryCredentials | null,
): { username: string; password: string } | { identitytoken: string } {
  if (credentials === null) return { username: '', password: '' };
  const { username } = credentials;
  const password = credentials.password.reveal();
  return username === '' ? { identitytoken: password } : { username, password };
}

function digestIn(aux: unknown): string | null {
  if (typeof aux !== 'object' || aux === null || !('Digest' in aux)) return null;
  return typeof aux.Digest === 'string' ? aux.Digest : null;
}

/** Reduces the engine's frequent progress reports to one line per completed layer. */
class Layers {
  readonly #states = new Map<string, string>();

  /** The line to print, or `null`. */
  add({ id, status, progress }: EngineEvent): string | null {
    if (status === undefined) return null;
    if (id === undefined) return status;
    const isNews = DONE.has(status) && this.#states.get(id) !== status;
    this.#states.set(id, DONE.has(status) ? status : `${status} ${progress ?? ''}`.trim());
    return isNews ? `${id}: ${status}` : null;
  }

  describe(): string {
    const states = [...this.#states];
    const open = states.filter(([, state]) => !DONE.has(state));
    const each = open.map(([id, state]) => `${id}: ${state}`).join('; ');
    return `${states.length - open.length} of ${states.length} layers are in the registry${each && `; ${each}`}`;
  }
}

const DONE = new Set(['Pushed', 'Layer already exists']);

/**
 * The engine returns the registry's error as `code: message`, with the code of the distribution
 * API.
 */
function explain(refusal: EngineRefusal, registry: RegistryAccess, tag: string): UserError {
  const { host, repository } = registry;
  const [code = ''] = refusal.message.split(':');
  const fixes: Readonly<Record<string, string>> = {
    'no basic auth credentials': 'set a user and a password for the registry.',
    unauthorized: 'the user or the password of the registry is missing, wrong or expired.',
    denied: `allow the credentials in use to push to it${host.includes('.dkr.ecr.') ? ' (ecr:InitiateLayerUpload, ecr:UploadLayerPart, ecr:CompleteLayerUpload, ecr:BatchCheckLayerAvailability, ecr:PutImage)' : ''}.`,
    'name unknown': 'create the repository, or correct `repository`.',
    'tag invalid':
      'its tags are immutable and this tag already names another image: give each commit its own tag.',
  };
  const fix = fixes[code.trim()];
  return new UserError(
    `The registry ${host} refused ${repository}:${tag} (${refusal.message})${fix ? `: ${fix}` : '.'}`,
    { cause: refusal },
  );
}
