import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Milliseconds } from './time/clock.ts';

const run = promisify(execFile);

const MOST_OUTPUT = 512 * 1024 * 1024;

/** What git prints when it is given these arguments; no shell sees them. Rejects as execFile does: `code` is the exit code. */
export type Git = (...args: readonly string[]) => Promise<string>;

interface Limits {
  /** Left out: as long as it takes. */
  readonly timeout?: Milliseconds;
  /** False: what is not here is not fetched, in a partial clone neither. */
  readonly fetches?: boolean;
}

/** Git in a folder, in its own English, asking nobody for a password. */
export function gitIn(folder: string, { timeout = 0, fetches = true }: Limits = {}): Git {
  return async (...args) => {
    // A container's user is often not the one who checked out.
    const options = ['-c', 'safe.directory=*', '-c', 'core.quotePath=false'];
    const { stdout } = await run('git', [...options, ...args], {
      cwd: folder,
      maxBuffer: MOST_OUTPUT,
      timeout,
      env: {
        ...process.env,
        GIT_TERMINAL_PROMPT: '0',
        LC_ALL: 'C',
        ...(!fetches && { GIT_NO_LAZY_FETCH: '1' }),
      },
    });
    return stdout;
  };
}
