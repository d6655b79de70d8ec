import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pack } from 'tar-stream';
import { gzipped } from '../../../../src/image/upload/gzip.ts';
import { readSavedImage } from '../../../../src/image/upload/saved-image.ts';

const CONFIG = '{"rootfs":{}}';
const LOWER = Buffer.from('the lower layer');
const UPPER = Buffer.from('the upper layer');
const hex = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');
const image = { id: `sha256:${hex(CONFIG)}`, diffIds: [`sha256:${hex(LOWER)}`, `sha256:${hex(UPPER)}`] };

/** The layout of `docker save` until Docker 24, and since Docker 25. */
const LAYOUTS = {
  old: { 'aa/VERSION': '1.0', 'aa/layer.tar': UPPER, 'bb/layer.tar': LOWER, [`${hex(CONFIG)}.json`]: CONFIG },
  new: {
    'blobs/sha256/0123': 'an index',
    [`blobs/sha256/${hex(UPPER)}`]: UPPER,
    [`blobs/sha256/${hex(LOWER)}`]: LOWER,
    [`blobs/sha256/${hex(CONFIG)}`]: CONFIG,
  },
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecs-ramp-saved-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function read(files: Readonly<Record<string, string | Buffer>>) {
  const archive = pack();
  archive.entry({ name: 'blobs', type: 'directory' });
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, content);
  archive.finalize();
  const layers: Record<string, string> = {};
  const config = await readSavedImage(archive, image, {
    folder,
    take: ({ diffId, file, size }) => (layers[diffId] = `${file.slice(folder.length)} ${size}`),
    signal: new AbortController().signal,
  });
  const contents = Object.entries(layers).map(async ([diffId, found]) => {
    const [file = '', size] = found.split(' ');
    const content = await readFile(join(folder, file));
    expect(content.length).toBe(Number(size));
    return [diffId, gunzipSync(content).toString()] as const;
  });
  return { config, layers: Object.fromEntries(await Promise.all(contents)) };
}

function without(files: object, content: string | Buffer): Record<string, string | Buffer> {
  return Object.fromEntries(Object.entries(files).filter(([, each]) => each !== content));
}

describe.each(Object.entries(LAYOUTS))('an image in the %s layout', (_, files) => {
  test('is read with all its layers', async () => {
    expect(await read(files)).toEqual({
      config: CONFIG,
      layers: {
        [`sha256:${hex(LOWER)}`]: 'the lower layer',
        [`sha256:${hex(UPPER)}`]: 'the upper layer',
      },
    });
  });

  test('is refused without its configuration, or without a layer', async () => {
    await expect(read(without(files, CONFIG))).rejects.toThrow('the engine did not send the configuration');
    await expect(read(without(files, UPPER))).rejects.toThrow('the engine did not send 1 of the layers');
  });
});

test.each([1, 1024 * 1024, 5_500_000])(
  '%i bytes are compressed in their order, however they arrive',
  async (size) => {
    const whole = Buffer.concat([Buffer.alloc(Math.ceil(size / 2), 'words and '), randomBytes(size / 2)]);
    const inOnePiece = await gzip([whole]);
    expect(gunzipSync(inOnePiece)).toEqual(whole);
    expect(inOnePiece.length).toBeLessThan(size * 0.7 + 100);
    const parts = Array.from({ length: 7 }, (_, at) =>
      whole.subarray((whole.length * at) / 7, (whole.length * (at + 1)) / 7),
    );
    expect(await gzip(parts)).toEqual(inOnePiece);
  },
);

async function gzip(parts: readonly Buffer[]): Promise<Buffer> {
  const compressed: Buffer[] = [];
  for await (const part of gzipped(streamOf(parts))) compressed.push(part);
  return Buffer.concat(compressed);
}

async function* streamOf(parts: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* parts;
}
