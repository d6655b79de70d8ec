import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Milliseconds } from './time/clock.ts';
import { createMasks } from './secrecy/masks.ts';
import type { Secret } from './secrecy/secret.ts';

const run = promisify(execFile);

const MOST_OUTPUT = 512 * 1024 * 1024;

/**
 * Runs git without a shell and resolves to its output. Rejects like execFile: `code` is the exit
 * code.
 */
export type Git = (...args: readonly string[]) => Promise<string>;

/** A repository on a server of GitHub, and a token that may read it. */
export interface GitAccess {
  /** `https://github.com`, or that of a GitHub Enterprise Server. */
  readonly server: string;
  /** The URL of the repository. */
  readonly repository: string;
  readonly token: Secret;
}

interface Limits {
  /** Default: no limit. */
  readonly timeout?: Milliseconds;
  /** When false, git fetches no missing objects, not even in a partial clone. */
  readonly fetches?: boolean;
  /** Authenticates requests to this server. Default: only the credentials of the clone. */
  readonly access?: GitAccess | null;
}

/** Git in a folder, with English messages and without password prompts. */
export function gitIn(folder: string, { timeout = 0, fetches = true, access = null }: Limits = {}): Git {
  return async (...args) => {
    // In a container, the user is often not the owner of the checkout.
    const options = ['-c', 'safe.directory=*', '-c', 'core.quotePath=false'];
    const { stdout } = await run('git', [...options, ...args], {
      cwd: folder,
      maxBuffer: MOST_OUTPUT,
      timeout,
      env: {
        ...process.env,
        ...(access !== null && credentials(access, process.env)),
        GIT_TERMINAL_PROMPT: '0',
        LC_ALL: 'C',
        ...(!fetches && { GIT_NO_LAZY_FETCH: '1' }),
      },
    });
    return stdout;
  };
}

/**
 * The token as configuration in variables: other users see no variables of a process, and nothing
 * is written to a file. Git sends the header to this server only. The first entry removes the
 * header that actions/checkout may have stored, because GitHub refuses two.
 */
function credentials({ server, token }: GitAccess, env: NodeJS.ProcessEnv): Record<string, string> {
  const key = `http.${server.replace(/\/+$/, '')}/.extraheader`;
  const before = Number(env['GIT_CONFIG_COUNT'] ?? '') || 0;
  return {
    GIT_CONFIG_COUNT: String(before + 2),
    [`GIT_CONFIG_KEY_${before}`]: key,
    [`GIT_CONFIG_VALUE_${before}`]: '',
    [`GIT_CONFIG_KEY_${before + 1}`]: key,
    [`GIT_CONFIG_VALUE_${before + 1}`]: `AUTHORIZATION: basic ${basicLogin(token)}`,
  };
}

function basicLogin(token: Secret): string {
  return Buffer.from(`x-access-token:${token.reveal()}`).toString('base64');
}

/** Removes the token from text: a server may repeat what it received. */
export function withoutToken({ token }: GitAccess, text: string): string {
  return createMasks([token.reveal(), basicLogin(token)]).masked(text);
}
