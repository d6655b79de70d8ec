import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** Writes a file. Returns its digest (`sha256:...`) and its size in bytes. */
export async function writeMeasured(
  content: AsyncIterable<Buffer>,
  file: string,
  signal: AbortSignal,
): Promise<{ readonly digest: string; readonly size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  const measured = async function* (): AsyncGenerator<Buffer> {
    for await (const part of content) {
      hash.update(part);
      size += part.length;
      yield part;
    }
  };
  await pipeline(measured, createWriteStream(file), { signal });
  return { digest: `sha256:${hash.digest('hex')}`, size };
}
