import type { Clock } from '../../core/time/clock.ts';
import type { Waiting } from '../../core/trail/event.ts';
import { SAY_AGAIN } from '../../core/trail/never-silent.ts';

/** The last report of what the run waits for. */
export class ProgressLog {
  readonly #clock: Clock;
  readonly #tell: (event: Waiting) => void;
  #last: { readonly topic: string; readonly at: number; readonly since: number } | null = null;

  constructor(clock: Clock, tell: (event: Waiting) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** Reports the wait when it changes, and repeats it regularly. */
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
