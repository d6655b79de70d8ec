import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { RegistryAccess } from './registry-access.ts';
import type { SavedImage } from './upload/saved-image.ts';
import { withHeartbeat } from '../core/time/heartbeat.ts';
import { SECOND, type Milliseconds } from '../core/time/clock.ts';
import { errorText } from '../core/failure.ts';
import { pushByEngine, type EnginePush } from './push-by-engine.ts';
import { OCI_MANIFEST, uploadLayers } from './upload/upload.ts';
import { verifyPushed } from './verify-pushed.ts';

const LONGEST_SILENCE = 20 * SECOND;

export interface ImagePush extends EnginePush {
  /** How long the build took. */
  readonly built: Milliseconds;
  /** For temporary files. */
  readonly folder: string;
}

/**
 * Pushes the tags in order: the first one names the release. The engine pushes, unless ecs-ramp uploads
 * the layers sooner. If that fails, the engine pushes after all. Returns the digest in the registry.
 */
export async function pushImage(options: ImagePush): Promise<string> {
  const { registry, tags, signal, say } = options;
  let digest: string | null = null;
  try {
    const image = await findLarge(options);
    if (image !== null) digest = await upload(options, image);
  } catch (error) {
    signal.throwIfAborted();
    say(`ecs-ramp cannot upload the layers itself (${errorText(error)}): the Docker engine pushes them.`);
  }
  if (digest === null) return pushByEngine(options);
  for (const tag of tags) await verifyPushed({ registry, tag, told: digest });
  return digest;
}

/**
 * The image, if ecs-ramp can upload it sooner than the engine. The engine compresses each layer on one
 * core, and does not read the layers that the registry has. So one new layer must be most of the image.
 */
async function findLarge({ engine, registry, tags, built }: ImagePush): Promise<SavedImage | null> {
  const { docker } = engine;
  const image = docker.getImage(nameOf(registry, tags));
  const { Id, Size, RootFS, Os } = await image.inspect();
  if (Os !== 'linux' || Size < LARGE || (await storesCompressed(docker))) return null;
  const isOneLayer = largestMadeWithin(built, await image.history()) > Size * MOST;
  return isOneLayer ? { id: Id, diffIds: RootFS.Layers ?? [] } : null;
}

/** In bytes. The engine compresses and sends it in two seconds. */
const LARGE = 50_000_000;

const MOST = 0.6;

/** Whether the engine stores images as containerd does: nothing is left to compress. */
async function storesCompressed(docker: Docker): Promise<boolean> {
  const { DriverStatus } = await docker.info();
  return JSON.stringify(DriverStatus ?? null).includes('io.containerd.snapshotter');
}

/** The size of the largest layer that the last build made, in bytes. */
function largestMadeWithin(
  built: Milliseconds,
  history: readonly { readonly Created: number; readonly Size: number }[],
): number {
  const newest = Math.max(...history.map(({ Created }) => Created));
  // The history has whole seconds.
  const made = history.filter(({ Created }) => (newest - Created) * SECOND <= built + SECOND);
  return Math.max(...made.map(({ Size }) => Size));
}

async function upload(options: ImagePush, image: SavedImage): Promise<string> {
  const { engine, registry, tags, clock, folder, signal } = options;
  const name = nameOf(registry, tags);
  const talk = withHeartbeat(clock, LONGEST_SILENCE, {
    say: options.say,
    remind: () => options.say(`Still uploading ${name}.`),
  });
  const { say } = talk;
  try {
    say(`Uploading ${name}`);
    const archive = Readable.from(await engine.docker.getImage(name).get());
    const manifest = await uploadLayers({
      archive,
      registry,
      image,
      folder,
      say,
      signal,
    });
    const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
    for (const tag of tags) {
      await registry.putManifest(tag, manifest, OCI_MANIFEST);
      say(`${tag}: ${digest}`);
    }
    return digest;
  } finally {
    talk.end();
  }
}

function nameOf({ host, repository }: RegistryAccess, [tag]: readonly string[]): string {
  return `${host}/${repository}:${tag}`;
}
