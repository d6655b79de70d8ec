import type { Clients } from '../../../src/aws/clients.ts';
import type { Access } from '../../../src/core/access.ts';
import { runCommandLine } from '../../../src/cli/cli.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';
import type { Clock } from '../../../src/core/time/clock.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

export interface Called {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Surroundings {
  /** Contents of files by name; `-` is stdin. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Requests that the command ends. */
  readonly cancelled?: AbortSignal;
  /** Called with each line of stdout. */
  readonly hear?: (line: string) => void;
  readonly clock?: Clock;
  /** AWS, or a function that returns AWS for an access. */
  readonly clients?: Clients | ((access: Access) => Clients);
  /** The terminal, if stdout is one. */
  readonly terminal?: Terminal;
}

/** Calls the CLI like a shell, in an isolated context. */
export async function call(args: readonly string[], surroundings: Surroundings = {}): Promise<Called> {
  const {
    files = {},
    env = {},
    cwd = '/',
    cancelled = new AbortController().signal,
    hear = () => {},
    clock = createVirtualClock(),
    clients,
    terminal = null,
  } = surroundings;
  const printed: string[] = [];
  const complained: string[] = [];
  const code = await runCommandLine(args, {
    env,
    cwd,
    clock,
    print(text) {
      printed.push(text);
      hear(text);
    },
    terminal,
    complain: (text) => complained.push(text),
    read: async (file) => files[file] ?? Promise.reject(new Error(`no such file: ${file}`)),
    connect(access) {
      if (clients === undefined) throw new Error('AWS must not be asked here');
      return typeof clients === 'function' ? clients(access) : clients;
    },
    cancellation: () => cancelled,
  });
  return { code, stdout: printed.join('\n'), stderr: complained.join('\n') };
}
