import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { errorCode } from './error-code.ts';
import { isAlive } from './processes.ts';

/** A run's own folder, and a name that no other run on this machine has. */
export interface RunFolder {
  readonly path: string;
  /** The same for the next run that gets this folder: it finds what a killed one left behind by it. */
  readonly name: string;
  remove(): Promise<void>;
}

/** Takes `run-1` in the directory, or the first of `run-2`, `run-3` ... that no living run has. */
export async function claimRunFolder(directory: string): Promise<RunFolder> {
  for (let number = 1; ; number += 1) {
    const path = join(resolve(directory), `run-${number}`);
    if (await claim(path))
      return { path, name: `${namePrefixOf(directory)}-${number}`, remove: () => remove(path) };
  }
}

/** What the names of all runs in the directory begin with. */
export function namePrefixOf(directory: string): string {
  return `ecs-ramp-${createHash('sha256').update(resolve(directory)).digest('hex').slice(0, 6)}`;
}

async function claim(path: string): Promise<boolean> {
  // null: the owner of before has just removed the folder
  for (;;) {
    const claimed = await unless('ENOENT', claimOnce(path));
    if (claimed !== null) return claimed;
  }
}

/** The file `owner` holds the run's process; only one of two that want it can make it. */
async function claimOnce(path: string): Promise<boolean> {
  const owner = join(path, 'owner');
  await mkdir(path, { recursive: true });
  const before = await unless('ENOENT', readFile(owner, 'utf8'));
  if (before !== null && (isAlive(Number(before)) || (await unless('ENOENT', unlink(owner))) === null))
    return false;
  return (await unless('EEXIST', writeFile(owner, String(process.pid), { flag: 'wx' }))) !== null;
}

/** Out of the way at once: what is removed file by file may be another run's already. */
async function remove(path: string): Promise<void> {
  const gone = `${path}-${randomUUID()}`;
  if ((await unless('ENOENT', rename(path, gone))) !== null) await rm(gone, { recursive: true, force: true });
}

/** Null when it fails with this code. */
async function unless<T>(code: string, attempt: Promise<T>): Promise<T | null> {
  try {
    return await attempt;
  } catch (error) {
    if (errorCode(error) === code) return null;
    throw error;
  }
}
