import { openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { RegistryAccess } from '../registry-access.ts';
import { readSavedImage, type CompressedLayer, type SavedImage } from './saved-image.ts';

export interface Upload {
  readonly registry: RegistryAccess;
  readonly image: SavedImage;
  /** The image in the form of `docker save`. */
  readonly archive: Readable;
  /** For temporary files. */
  readonly folder: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Uploads each layer while the next one is read, and the configuration. Returns the manifest of the
 * image, which is not uploaded yet: it makes the image visible.
 */
export async function uploadLayers(options: Upload): Promise<string> {
  const { archive, registry, image, say } = options;
  const folder = await mkdtemp(join(options.folder, 'ecs-ramp-upload-'));
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const layers = new Map<string, CompressedLayer>();
  const uploads: Promise<void>[] = [];
  const take = (layer: CompressedLayer): void => {
    layers.set(layer.diffId, layer);
    const upload = uploadLayer(layer, { registry, say, signal });
    uploads.push(upload.catch((error: unknown) => failed.abort(error)));
  };
  try {
    const config = await readSavedImage(archive, image, { folder, take, signal });
    await Promise.all(uploads);
    signal.throwIfAborted();
    await registry.putBlob(image.id, new Blob([config]), signal);
    return manifestOf(image, Buffer.byteLength(config), layers);
  } catch (error) {
    // The first upload that failed has stopped everything else.
    throw failed.signal.aborted ? failed.signal.reason : error;
  } finally {
    failed.abort();
    await Promise.allSettled(uploads);
    await rm(folder, { recursive: true, force: true });
  }
}

async function uploadLayer(
  { diffId, digest, file }: CompressedLayer,
  { registry, say, signal }: Pick<Upload, 'registry' | 'say' | 'signal'>,
): Promise<void> {
  const isThere = await registry.hasBlob(digest);
  if (!isThere) await registry.putBlob(digest, await openAsBlob(file), signal);
  await rm(file);
  // As the engine names a layer in its log.
  const name = diffId.slice('sha256:'.length).slice(0, 12);
  say(`${name}: ${isThere ? 'Layer already exists' : 'Pushed'}`);
}

export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

function manifestOf(
  { id, diffIds }: SavedImage,
  configSize: number,
  layers: ReadonlyMap<string, CompressedLayer>,
): string {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: id, size: configSize },
    layers: diffIds.map((diffId) => ({
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      digest: layers.get(diffId)?.digest,
      size: layers.get(diffId)?.size,
    })),
  });
}
