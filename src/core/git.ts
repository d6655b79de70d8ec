import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Milliseconds } from './time/clock.ts';

const run = promisify(execFile);

const MOST_OUTPUT = 512 * 1024 * 1024;

/**
 * Runs git without a shell and resolves to its output. Rejects like execFile: `code` is the exit
 * code.
 */
export type Git = (...args: readonly string[]) => Promise<string>;

interface Limits {
  /** Default: no limit. */
  readonly timeout?: Milliseconds;
  /** When false, git fetches no missing objects, not even in a partial clone. */
  readonly fetches?: boolean;
}

/** Git in a folder, with English messages and without password prompts. */
export function gitIn(folder: string, { timeout = 0, fetches = true }: Limits = {}): Git {
  return async (...args) => {
    // In a container, the user is often not the owner of the checkout.
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
