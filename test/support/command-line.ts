import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const CLI = join(import.meta.dirname, '../../dist/cli.js');

/** `ecs-ramp ARGS`, as a process. */
export interface CalledProcess {
  /** Resolves when stdout has said that. */
  said(words: string): Promise<void>;
  readonly done: Promise<Ended>;
}

export interface Ended {
  readonly code: number | null;
  /** Of a terminal: with all that moves its cursor. */
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly stdin?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether it has a terminal, of 80 columns and 24 rows, or pipes. */
  readonly terminal?: boolean;
}

export function callProcess(
  args: readonly string[],
  { stdin, environment = {}, terminal = false }: Surroundings = {},
): CalledProcess {
  const [program, ...given] = terminal ? inTerminal(args) : [process.execPath, CLI, ...args];
  const child = spawn(program!, given, {
    env: { PATH: process.env['PATH'], TERM: 'xterm', LC_ALL: 'C.UTF-8', ...environment },
  });
  if (!terminal) child.stdin.end(stdin ?? '');
  const told = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (told.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (told.stderr += text));
  let over = false;
  const done = once(child, 'close').then(([code]: (number | null)[]) => {
    over = true;
    return { code: code ?? null, ...told };
  });
  return {
    done,
    async said(words) {
      while (!told.stdout.includes(words)) {
        if (over) throw new Error(`It ended before "${words}":\n${told.stdout}${told.stderr}`);
        await Promise.race([once(child.stdout, 'data'), done]);
      }
    },
  };
}

/** By `script` of util-linux, which every Debian has, or by that of macOS. */
function inTerminal(args: readonly string[]): readonly string[] {
  const command = [process.execPath, CLI, ...args];
  if (process.platform === 'darwin') return ['script', '-q', '/dev/null', ...command];
  const quoted = command.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  return ['script', '--quiet', '--return', '--command', quoted, '/dev/null'];
}
