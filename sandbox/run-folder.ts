import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { errorCode } from './error-code.ts';
import { isAlive } from './processes.ts';

/** The folder of a run, and a name that no other run on this machine has. */
export interface RunFolder {
  readonly path: string;
  /**
   * Also the name of the next run in this folder, which finds the leftovers of a killed run by it.
   */
  readonly name: string;
  remove(): Promise<void>;
}

/** Takes the first of `run-1`, `run-2`, ... in the directory that no live run uses. */
export async function claimRunFolder(directory: string): Promise<RunFolder> {
  for (let number = 1; ; number += 1) {
    const path = join(resolve(directory), `run-${number}`);
    if (await claim(path))
      return { path, name: `${namePrefixOf(directory)}-${number}`, remove: () => remove(path) };
  }
}

/** The common prefix of the names of all runs in the directory. */
export function namePrefixOf(directory: string): string {
  return `ecs-ramp-${createHash('sha256').update(resolve(directory)).digest('hex').slice(0, 6)}`;
}

async function claim(path: string): Promise<boolean> {
  // `null`: the previous owner has just removed the folder.
  for (;;) {
    const claimed = await unless('ENOENT', claimOnce(path));
    if (claimed !== null) return claimed;
  }
}

/** The file `owner` contains the process id of the run. Only one process can create it. */
async function claimOnce(path: string): Promise<boolean> {
  const owner = join(path, 'owner');
  await mkdir(path, { recursive: true });
  const before = await unless('ENOENT', readFile(owner, 'utf8'));
  if (before !== null && (isAlive(Number(before)) || (await unless('ENOENT', unlink(owner))) === null))
    return false;
  return (await unless('EEXIST', writeFile(owner, String(process.pid), { flag: 'wx' }))) !== null;
}

/**
 * Renames the folder before removing it: during the removal, another run may take the same name.
 */
async function remove(path: string): Promise<void> {
  const gone = `${path}-${randomUUID()}`;
  if ((await unless('ENOENT', rename(path, gone))) !== null) await rm(gone, { recursive: true, force: true });
}

/** `null` when it fails with this code. */
async function unless<T>(code: string, attempt: Promise<T>): Promise<T | null> {
  try {
    return await attempt;
  } catch (error) {
    if (errorCode(error) === code) return null;
    throw error;
  }
}
