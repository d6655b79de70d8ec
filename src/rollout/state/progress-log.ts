import { SECOND, type Clock } from '../../core/time/clock.ts';
import type { Waiting } from '../../core/trail/event.ts';

/** The log is never silent for longer than this. */
const SAY_AGAIN = 25 * SECOND;

/** What the log said last of what is waited for. */
export class ProgressLog {
  readonly #clock: Clock;
  readonly #tell: (event: Waiting) => void;
  #last: { readonly topic: string; readonly at: number; readonly since: number } | null = null;

  constructor(clock: Clock, tell: (event: Waiting) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** Told when it changes, and again before the log could seem dead. */
  waitFor(what: string, until: number | null, otherwise: string | null): void {
    const now = this.#clock.now();
    const topic = what.split(/[:(]/)[0]!;
    const before = this.#last?.topic === topic ? this.#last : null;
    if (before !== null && now - before.at < SAY_AGAIN) return;
    const since = before?.since ?? now;
    this.#last = { topic, at: now, since };
    this.#tell({ kind: 'waiting', what, since, until, otherwise });
  }
}
