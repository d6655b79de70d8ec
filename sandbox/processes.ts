import { readFile, readdir } from 'node:fs/promises';
import { errorCode } from './error-code.ts';

/** Whether the process exists. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    return errorCode(error) === 'EPERM';
  }
}

/** The processes with this word in their command line. Only on Linux; empty elsewhere. */
export async function processesWith(word: string): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    // A process that ends during the read is ignored.
    const command = /^\d+$/.test(name) ? await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '') : '';
    if (command.split('\0').includes(word)) found.push(Number(name));
  }
  return found;
}
