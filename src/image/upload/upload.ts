import { createReadStream, openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { RegistryAccess } from '../registry-access.ts';
import { gzipped, PIECE } from './gzip.ts';
import { writeMeasured } from './measured-file.ts';
import { readSavedImage, type SavedImage, type SavedLayer } from './saved-image.ts';
import { descriptorOf, type LayerDescriptor } from './uploaded-layers.ts';

export interface Upload {
  readonly registry: RegistryAccess;
  /** The image in the form of `docker save`. */
  readonly archive: Readable;
  readonly image: SavedImage;
  /** Layers that the registry has, by the digests of the uncompressed ones. */
  readonly known: ReadonlyMap<string, LayerDescriptor>;
  /** For temporary files. */
  readonly folder: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Uploads the layers that the registry does not have, each while the next one is read. Returns the
 * manifest of the image, which names them and is not uploaded yet.
 */
export async function uploadLayers(options: Upload): Promise<string> {
  const { archive, registry, image, known, say } = options;
  const folder = await mkdtemp(join(options.folder, 'ecs-ramp-upload-'));
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const descriptors = new Map(known);
  const uploads: Promise<void>[] = [];
  for (const diffId of new Set(image.diffIds))
    if (known.has(diffId)) say(`${short(diffId)}: Layer already exists`);
  const upload = async (layer: SavedLayer): Promise<void> => {
    const descriptor = await uploadLayer(layer, { registry, say, signal });
    descriptors.set(layer.diffId, descriptor);
  };
  try {
    const config = await readSavedImage(archive, image, {
      folder,
      known: new Set(known.keys()),
      take: (layer) => uploads.push(upload(layer).catch((error: unknown) => failed.abort(error))),
      signal,
    });
    await Promise.all(uploads);
    signal.throwIfAborted();
    await registry.putBlob(image.id, new Blob([config]), signal);
    return manifestOf(image, Buffer.byteLength(config), descriptors);
  } catch (error) {
    // The first upload that failed has stopped all else.
    throw failed.signal.aborted ? failed.signal.reason : error;
  } finally {
    failed.abort();
    await Promise.allSettled(uploads);
    await rm(folder, { recursive: true, force: true });
  }
}

async function uploadLayer(
  { diffId, file, size }: SavedLayer,
  { registry, say, signal }: Pick<Upload, 'registry' | 'say' | 'signal'>,
): Promise<LayerDescriptor> {
  const to = `${file}.gz`;
  const compressed = await writeMeasured(
    gzipped(createReadStream(file, { highWaterMark: PIECE })),
    to,
    signal,
  );
  await rm(file);
  const isThere = await registry.hasBlob(compressed.digest);
  if (!isThere) await registry.putBlob(compressed.digest, await openAsBlob(to), signal);
  await rm(to);
  say(`${short(diffId)}: ${isThere ? 'Layer already exists' : 'Pushed'}`);
  return descriptorOf({ ...compressed, diffId, uncompressedSize: size });
}

function manifestOf(
  { id, diffIds }: SavedImage,
  configSize: number,
  descriptors: ReadonlyMap<string, LayerDescriptor>,
): string {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: id, size: configSize },
    layers: diffIds.map((diffId) => descriptors.get(diffId)),
  });
}

export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** As the engine names a layer in its log. */
function short(diffId: string): string {
  return diffId.slice('sha256:'.length).slice(0, 12);
}
