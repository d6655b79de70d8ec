import type { Clients } from '../aws/clients.ts';
import type { Access } from '../core/access.ts';
import type { Clock } from '../core/time/clock.ts';
import type { Options } from './options.ts';
import type { Terminal } from './terminal.ts';

/** The resources that a command may use. */
export interface CliContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path that relative paths start from. */
  readonly cwd: string;
  readonly clock: Clock;
  /** Prints the result to stdout. */
  print(text: string): void;
  /** Stdout, if it is a terminal with cursor control. */
  readonly terminal: Terminal | null;
  /** Prints to stderr. */
  complain(text: string): void;
  /** Reads a file; `-` is stdin. */
  read(file: string): Promise<string>;
  /** `mask` receives values that must not be printed. */
  connect(access: Access, mask?: (secret: string) => void): Clients;
  /** Aborted on SIGINT and SIGTERM. After the call, these signals no longer end the process. */
  cancellation(): AbortSignal;
}

/** A subcommand of ecs-ramp. */
export interface Command {
  /** Usage lines, without `ecs-ramp`. */
  readonly usage: readonly string[];
  /** Paragraphs of the help, before the options. */
  readonly description: readonly string[];
  /** Options by heading. */
  readonly options: Readonly<Record<string, Options>>;
  readonly exitCodes: Readonly<Record<number, string>>;
  /**
   * Resolves to the exit code. Rejects with InvalidInputs or UserError, whose messages are for the
   * user.
   */
  run(args: readonly string[], context: CliContext): Promise<number>;
}
