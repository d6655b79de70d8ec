import { readFile, readdir } from 'node:fs/promises';
import { errorCode } from './error-code.ts';

/** Whether there is such a process. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // one of another user lives, too
    return errorCode(error) === 'EPERM';
  }
}

/** The processes that have this among their command line's words. Linux only; none elsewhere. */
export async function processesWith(word: string): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    // what ends while it is looked at does not count
    const command = /^\d+$/.test(name) ? await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '') : '';
    if (command.split('\0').includes(word)) found.push(Number(name));
  }
  return found;
}
