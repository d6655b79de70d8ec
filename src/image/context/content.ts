import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../core/failure.ts';
import { isNoSuchFile } from '../system-error.ts';
import type { ContextEntry } from './entry.ts';
import { unreadable } from './unreadable.ts';

/** In bytes. */
const PART = 128 * 1024;

/**
 * The content of a file of the build context `root`, in parts. Reads synchronously: a context has many
 * small files, for which promises cost ten times as much as the calls. Each part is valid until the next
 * one is read. Throws UserError if the file cannot be opened.
 */
export function* contentOf(root: string, { path, size }: ContextEntry): Generator<Buffer, void> {
  const file = open(root, path);
  try {
    const part = Buffer.allocUnsafe(PART);
    let rest = Number(size);
    do {
      const bytesRead = readSync(file, part);
      if (bytesRead === 0) return;
      rest -= bytesRead;
      yield part.subarray(0, bytesRead);
      // Another read, only to find the end, would cost a third of the time of a small file.
    } while (rest !== 0);
  } finally {
    closeSync(file);
  }
}

function open(root: string, path: string): number {
  try {
    return openSync(join(root, path), 'r');
  } catch (error) {
    throw isNoSuchFile(error)
      ? new UserError(
          `${path} in the build context was deleted during the build: something else changes the context at the same time.`,
          { cause: error },
        )
      : unreadable(path, error);
  }
}
