import type { RegistryAccess } from '../registry-access.ts';

/** A layer as the manifest of an image names it: an OCI content descriptor. */
export interface LayerDescriptor {
  readonly mediaType: string;
  /** `sha256:...` of the compressed layer. */
  readonly digest: string;
  /** Of the compressed layer, in bytes. */
  readonly size: number;
  readonly annotations: {
    /** `sha256:...` of the uncompressed layer; containerd's annotation. */
    readonly 'containerd.io/uncompressed': string;
    /** Of the uncompressed layer, in bytes. */
    readonly 'io.github.ecs-ramp.uncompressed-size': string;
  };
}

export function descriptorOf(layer: {
  readonly digest: string;
  readonly size: number;
  readonly diffId: string;
  readonly uncompressedSize: number;
}): LayerDescriptor {
  return {
    mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    digest: layer.digest,
    size: layer.size,
    annotations: {
      'containerd.io/uncompressed': layer.diffId,
      'io.github.ecs-ramp.uncompressed-size': `${layer.uncompressedSize}`,
    },
  };
}

/** In bytes. 0 for a layer that is not known. */
export function uncompressedSize(layer: LayerDescriptor | undefined): number {
  return Number(layer?.annotations['io.github.ecs-ramp.uncompressed-size'] ?? 0);
}

/** The layers that ecs-ramp uploaded with the images of these tags, by the digests of the uncompressed ones. */
export async function uploadedLayers(
  registry: RegistryAccess,
  tags: readonly string[],
): Promise<ReadonlyMap<string, LayerDescriptor>> {
  const found = new Map<string, LayerDescriptor>();
  for (const tag of tags) {
    const manifest: { readonly layers?: readonly unknown[] } = JSON.parse(
      (await registry.manifest(tag)) ?? '{}',
    );
    for (const layer of manifest.layers ?? [])
      if (isOurs(layer)) found.set(layer.annotations['containerd.io/uncompressed'], layer);
  }
  return found;
}

function isOurs(layer: unknown): layer is LayerDescriptor {
  if (typeof layer !== 'object' || layer === null || !('annotations' in layer)) return false;
  const { annotations } = layer;
  return (
    typeof annotations === 'object' &&
    annotations !== null &&
    'containerd.io/uncompressed' in annotations &&
    'io.github.ecs-ramp.uncompressed-size' in annotations
  );
}
