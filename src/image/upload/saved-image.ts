import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { callbackify } from 'node:util';
import { extract } from 'tar-stream';
import { gzipped } from './gzip.ts';

export interface SavedImage {
  /** `sha256:...` of the configuration, by which the engine names the image. */
  readonly id: string;
  /** `sha256:...` of each layer, uncompressed, from the lowest on. */
  readonly diffIds: readonly string[];
}

export interface CompressedLayer {
  /** `sha256:...` of the layer before it was compressed. */
  readonly diffId: string;
  /** `sha256:...` */
  readonly digest: string;
  /** In bytes. */
  readonly size: number;
  /** Whoever takes the layer may delete it. */
  readonly file: string;
}

/**
 * Reads an image in the form of `docker save`. Compresses each layer into `folder`, and hands it to
 * `take` at once. Returns the text of the image's configuration. Rejects if the archive lacks a part of
 * the image.
 */
export async function readSavedImage(
  archive: Readable,
  image: SavedImage,
  options: {
    readonly folder: string;
    readonly take: (layer: CompressedLayer) => void;
    readonly signal: AbortSignal;
  },
): Promise<string> {
  const { folder, take, signal } = options;
  const missing = new Set(image.diffIds);
  let config: string | null = null;
  let files = 0;
  const read = async (name: string, content: Readable): Promise<void> => {
    // Docker 25 and later name each part by its digest.
    const [, hex = null] = /^blobs\/sha256\/([0-9a-f]{64})$/.exec(name) ?? [];
    if (name === `${hexOf(image.id)}.json` || hex === hexOf(image.id)) config = await text(content);
    else if (name.endsWith('/layer.tar') || missing.has(`sha256:${hex}`)) {
      files += 1;
      const layer = await compress(content, join(folder, `${files}.tar.gz`), signal);
      if (missing.delete(layer.diffId)) take(layer);
      else await rm(layer.file);
    } else content.resume();
  };
  const entries = extract();
  entries.on('entry', ({ name, type }, content, next) => {
    const reading = type === 'file' ? read(name, content) : Promise.resolve(void content.resume());
    callbackify(() => reading)(next);
  });
  await pipeline(archive, entries, { signal });
  if (missing.size > 0) throw new Error(`the engine did not send ${missing.size} of the layers`);
  if (config === null) throw new Error('the engine did not send the configuration of the image');
  return config;
}

async function compress(content: Readable, file: string, signal: AbortSignal): Promise<CompressedLayer> {
  const before = new Measure();
  const after = new Measure();
  await pipeline(after.through(gzipped(before.through(content))), createWriteStream(file), { signal });
  return { diffId: before.digest(), digest: after.digest(), size: after.size, file };
}

/** The size in bytes and the digest of what passes. */
class Measure {
  readonly #hash = createHash('sha256');
  size = 0;

  async *through(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const part of content) {
      this.#hash.update(part);
      this.size += part.length;
      yield part;
    }
  }

  digest(): string {
    return `sha256:${this.#hash.digest('hex')}`;
  }
}

function hexOf(digest: string): string {
  return digest.slice('sha256:'.length);
}
