import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { callbackify } from 'node:util';
import { extract } from 'tar-stream';
import { writeMeasured } from './measured-file.ts';

export interface SavedImage {
  /** `sha256:...` of the configuration, by which the engine names the image. */
  readonly id: string;
  /** `sha256:...` of each layer, uncompressed, from the lowest on. */
  readonly diffIds: readonly string[];
}

export interface SavedLayer {
  readonly diffId: string;
  /** The uncompressed layer. Whoever takes it may delete it. */
  readonly file: string;
  /** In bytes. */
  readonly size: number;
}

/**
 * Reads an image in the form of `docker save`. Writes each layer to `folder`, except those of
 * `known`, and hands it to `take` at once. Returns the text of the image's configuration. Rejects if the
 * archive lacks a part of the image.
 */
export async function readSavedImage(
  archive: Readable,
  image: SavedImage,
  options: {
    readonly folder: string;
    readonly known: ReadonlySet<string>;
    readonly take: (layer: SavedLayer) => void;
    readonly signal: AbortSignal;
  },
): Promise<string> {
  const { signal, take } = options;
  const missing = new Set(image.diffIds).difference(options.known);
  let config: string | null = null;
  let files = 0;
  const read = async (name: string, content: Readable): Promise<void> => {
    // Docker 25 and later name each part by its digest.
    const [, hex = null] = /^blobs\/sha256\/([0-9a-f]{64})$/.exec(name) ?? [];
    if (name === `${hexOf(image.id)}.json` || hex === hexOf(image.id)) config = await text(content);
    else if (name.endsWith('/layer.tar') || missing.has(`sha256:${hex}`)) {
      const file = join(options.folder, `${(files += 1)}.tar`);
      const { digest, size } = await writeMeasured(content, file, signal);
      if (missing.delete(digest)) take({ diffId: digest, file, size });
      else await rm(file);
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

function hexOf(digest: string): string {
  return digest.slice('sha256:'.length);
}
