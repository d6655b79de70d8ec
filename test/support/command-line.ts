// Runs the bundled command line (dist/cli.js) as a process, with pipes or in a terminal.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const CLI = join(import.meta.dirname, '../../dist/cli.js');

export interface CalledProcess {
  /** Resolves when stdout contains `words`. Rejects if the process ends before that. */
  untilPrinted(words: string): Promise<void>;
  readonly done: Promise<EndedProcess>;
}

export interface EndedProcess {
  readonly code: number | null;
  /** With `terminal`, includes the escape sequences that move the cursor. */
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProcessOptions {
  readonly stdin?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** `true`: runs in a terminal of 80 columns and 24 rows. Default: pipes. */
  readonly terminal?: boolean;
}

export function callProcess(
  args: readonly string[],
  { stdin, environment = {}, terminal = false }: ProcessOptions = {},
): CalledProcess {
  const [program, ...given] = terminal ? inTerminal(args) : [process.execPath, CLI, ...args];
  const child = spawn(program!, given, {
    env: { PATH: process.env['PATH'], TERM: 'xterm', LC_ALL: 'C.UTF-8', ...environment },
  });
  if (!terminal) child.stdin.end(stdin ?? '');
  const printed = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text));
  let over = false;
  const done = once(child, 'close').then(([code]: (number | null)[]) => {
    over = true;
    return { code: code ?? null, ...printed };
  });
  return {
    done,
    async untilPrinted(words) {
      while (!printed.stdout.includes(words)) {
        if (over)
          throw new Error(
            `The process ended before it printed "${words}":\n${printed.stdout}${printed.stderr}`,
          );
        await Promise.race([once(child.stdout, 'data'), done]);
      }
    },
  };
}

/** Uses `script` from util-linux (part of every Debian) or from macOS. */
function inTerminal(args: readonly string[]): readonly string[] {
  const command = [process.execPath, CLI, ...args];
  if (process.platform === 'darwin') return ['script', '-q', '/dev/null', ...command];
  const quoted = command.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  return ['script', '--quiet', '--return', '--command', quoted, '/dev/null'];
}
