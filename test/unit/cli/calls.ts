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
  /** Texts of files by name; `-` is stdin. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Asks the command to end. */
  readonly cancelled?: AbortSignal;
  /** Told each line of stdout. */
  readonly hear?: (line: string) => void;
  readonly clock?: Clock;
  /** AWS; by who comes, where that makes a difference. */
  readonly clients?: Clients | ((access: Access) => Clients);
  /** Stdout is one. */
  readonly terminal?: Terminal;
}

/** Calls the CLI as a shell would, with a world of its own. */
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
