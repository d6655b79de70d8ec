import type { Clients } from '../aws/clients.ts';
import type { Access } from '../core/access.ts';
import type { Clock } from '../core/time/clock.ts';
import type { Options } from './options.ts';
import type { Terminal } from './terminal.ts';

/** What a command may touch. */
export interface CliContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute: relative paths start here. */
  readonly cwd: string;
  readonly clock: Clock;
  /** To stdout: what was asked for, and nothing else. */
  print(text: string): void;
  /** Stdout, where it is a terminal that can be drawn on. */
  readonly terminal: Terminal | null;
  /** To stderr. */
  complain(text: string): void;
  /** The text of a file; `-` is stdin. */
  read(file: string): Promise<string>;
  /** `mask` is told what must not be printed. */
  connect(access: Access, mask?: (secret: string) => void): Clients;
  /** Aborted when the process is asked to end, which from then on does not end it by itself. */
  cancellation(): AbortSignal;
}

/** One subcommand of ecs-ramp: one file each. */
export interface Command {
  /** Each way to call it, without `ecs-ramp`. */
  readonly usage: readonly string[];
  /** Paragraphs of the help, before the options. */
  readonly description: readonly string[];
  /** Options by the heading they are listed under. */
  readonly options: Readonly<Record<string, Options>>;
  readonly exitCodes: Readonly<Record<number, string>>;
  /** Resolves to the exit code. Rejects with InvalidInputs, UserError and the like, all in words. */
  run(args: readonly string[], context: CliContext): Promise<number>;
}
