import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
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
  const root = resolve(directory);
  const prefix = `ecs-ramp-${createHash('sha256').update(root).digest('hex').slice(0, 6)}`;
  for (let number = 1; ; number += 1) {
    const path = join(root, `run-${number}`);
    if (await claim(path))
      return { path, name: `${prefix}-${number}`, remove: () => rm(path, { recursive: true, force: true }) };
  }
}

/** The file `owner` holds the run's process; only one of two that want it can make it. */
async function claim(path: string): Promise<boolean> {
  const owner = join(path, 'owner');
  await mkdir(path, { recursive: true });
  const before = await unless('ENOENT', readFile(owner, 'utf8'));
  if (before !== null && (isAlive(Number(before)) || (await unless('ENOENT', unlink(owner))) === null))
    return false;
  return (await unless('EEXIST', writeFile(owner, String(process.pid), { flag: 'wx' }))) !== null;
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
