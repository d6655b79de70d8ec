import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { RegistryAccess } from './registry-access.ts';
import type { SavedImage } from './upload/saved-image.ts';
import { withHeartbeat } from '../core/time/heartbeat.ts';
import { SECOND, type Milliseconds } from '../core/time/clock.ts';
import { errorText } from '../core/failure.ts';
import { pushByEngine, type EnginePush } from './push-by-engine.ts';
import { isUploadFaster, isWorthAnEstimate } from './upload/estimate.ts';
import { OCI_MANIFEST, uploadLayers } from './upload/upload.ts';
import { uncompressedSize, uploadedLayers, type LayerDescriptor } from './upload/uploaded-layers.ts';
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
 * the layers sooner; it also pushes if that fails. Returns the digest in the registry.
 */
export async function pushImage(options: ImagePush): Promise<string> {
  const { signal, say } = options;
  try {
    const image = await findFaster(options);
    if (image !== null) return await upload(options, image);
  } catch (error) {
    signal.throwIfAborted();
    say(`ecs-ramp cannot upload the layers itself (${errorText(error)}): the Docker engine pushes them.`);
  }
  return pushByEngine(options);
}

interface Found extends SavedImage {
  /** Layers that the registry has. */
  readonly known: ReadonlyMap<string, LayerDescriptor>;
}

/** The image, if its upload is faster than the engine's push. */
async function findFaster({ engine, registry, tags, built }: ImagePush): Promise<Found | null> {
  const { docker } = engine;
  const image = docker.getImage(nameOf(registry, tags));
  const { Id, Size, RootFS, Os } = await image.inspect();
  if (Os !== 'linux' || !isWorthAnEstimate(Size) || (await storesCompressed(docker))) return null;
  const diffIds = RootFS.Layers ?? [];
  const known = await uploadedLayers(registry, [...tags, ...(await tagsOfEarlierBuilds(docker, registry))]);
  const uploadedBefore = diffIds.reduce((sum, diffId) => sum + uncompressedSize(known.get(diffId)), 0);
  const fresh = madeWithin(built, await image.history());
  return isUploadFaster({ all: Size, fresh, uploadedBefore }) ? { id: Id, diffIds, known } : null;
}

/** Whether the engine stores images as containerd does: nothing is left to compress. */
async function storesCompressed(docker: Docker): Promise<boolean> {
  const { DriverStatus } = await docker.info();
  return JSON.stringify(DriverStatus ?? null).includes('io.containerd.snapshotter');
}

/** The size of the layers that the last build made, in bytes. */
function madeWithin(built: Milliseconds, history: readonly { Created: number; Size: number }[]): number {
  const newest = Math.max(...history.map(({ Created }) => Created));
  // The engine tells the time in whole seconds.
  const made = history.filter(({ Created }) => (newest - Created) * SECOND <= built + SECOND);
  return made.reduce((sum, { Size }) => sum + Size, 0);
}

/** The tags that earlier builds left in the engine, the newest first. A new runner has none. */
async function tagsOfEarlierBuilds(docker: Docker, { host, repository }: RegistryAccess): Promise<string[]> {
  const name = `${host}/${repository}`;
  const images = await docker.listImages({ filters: { reference: [name] } });
  return images
    .sort((a, b) => b.Created - a.Created)
    .flatMap(({ RepoTags }) => RepoTags ?? [])
    .flatMap((tagged) => (tagged.startsWith(`${name}:`) ? tagged.slice(name.length + 1) : []))
    .slice(0, EARLIER_TAGS);
}

/** Each costs a request to the registry. */
const EARLIER_TAGS = 3;

async function upload(options: ImagePush, image: Found): Promise<string> {
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
      known: image.known,
      folder,
      say,
      signal,
    });
    const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
    for (const tag of tags) {
      await registry.putManifest(tag, manifest, OCI_MANIFEST);
      await verifyPushed({ registry, tag, told: digest });
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
