import type { Clock } from '../../src/core/time/clock.ts';

/**
 * The content of repositories: images by digest, and tags. Only the index has tags; the storage has
 * only digests.
 */
export interface ImageIndex {
  /** The digest of a tag or digest; `null` when the image does not exist. */
  resolve(repository: string, reference: string): string | null;
  images(repository: string): readonly StoredImage[];
  put(repository: string, manifest: Manifest, tag: string | null): void;
  /** Records a pull. */
  pull(repository: string, digest: string): void;
  untag(repository: string, tag: string): void;
  remove(repository: string, digest: string): void;
  clear(repository: string): void;
}

export interface StoredImage extends Manifest {
  /** Milliseconds since 1970. */
  readonly pushedAt: number;
  /** Milliseconds since 1970; `null` when it was never pulled. */
  readonly pulledAt: number | null;
  readonly tags: readonly string[];
}

export interface Manifest {
  readonly digest: string;
  readonly mediaType: string;
  /**
   * Size of configuration and layers in bytes, compressed as pushed; 0 for an index of other
   * images.
   */
  readonly size: number;
}

export function createImageIndex(clock: Clock): ImageIndex {
  const repositories = new Map<string, Repository>();
  const at = (name: string): Repository => {
    let repository = repositories.get(name);
    if (!repository) repositories.set(name, (repository = { images: new Map(), tags: new Map() }));
    return repository;
  };
  return {
    resolve(name, reference) {
      const { images, tags } = at(name);
      return images.has(reference) ? reference : (tags.get(reference) ?? null);
    },
    images(name) {
      const { images, tags } = at(name);
      const tagsOf = (digest: string) =>
        [...tags].filter(([, meant]) => meant === digest).map(([tag]) => tag);
      return [...images.values()].map((image) => ({ ...image, tags: tagsOf(image.digest) }));
    },
    put(name, manifest, tag) {
      const { images, tags } = at(name);
      if (!images.has(manifest.digest))
        images.set(manifest.digest, { ...manifest, pushedAt: clock.now(), pulledAt: null });
      if (tag !== null) tags.set(tag, manifest.digest);
    },
    pull(name, digest) {
      const { images } = at(name);
      const image = images.get(digest);
      if (image) images.set(digest, { ...image, pulledAt: clock.now() });
    },
    untag(name, tag) {
      at(name).tags.delete(tag);
    },
    remove(name, digest) {
      const { images, tags } = at(name);
      images.delete(digest);
      for (const [tag, meant] of tags) if (meant === digest) tags.delete(tag);
    },
    clear(name) {
      repositories.delete(name);
    },
  };
}

interface Repository {
  readonly images: Map<string, Omit<StoredImage, 'tags'>>;
  readonly tags: Map<string, string>;
}
