import { SAY_AGAIN } from '../../core/trail/never-silent.ts';
import type { Clock, Milliseconds } from '../../core/time/clock.ts';
import type { Waiting } from '../../core/trail/event.ts';
import type { Run } from '../../core/run.ts';
import { standing, type WrittenLease } from './run-tag.ts';
import { CLAIM_WAIT, CLOCK_SKEW, TERM } from './times.ts';
import { UserError } from '../../core/failure.ts';

export interface QueueOptions {
  readonly clock: Clock;
  readonly run: Run;
  readonly service: { readonly name: string };
  readonly onConflict: 'wait' | 'fail';
  /** The longest wait for another run to end. */
  readonly patience: Milliseconds;
  readonly tell: (event: Waiting) => void;
}

/**
 * A run's wait for another run: its start, and since when the other run's tag is unchanged, by this
 * run's clock.
 */
export class Queue {
  readonly #options: QueueOptions;
  readonly #since: number;
  #text: string | null = null;
  #textSince = 0;
  #saidAt = -Infinity;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#since = options.clock.now();
  }

  /** Who holds the service, by its present tag. */
  standing(written: WrittenLease | null): ReturnType<typeof standing> {
    const now = this.#options.clock.now();
    const text = written?.text ?? null;
    if (text !== this.#text) {
      this.#text = text;
      this.#textSince = now;
    }
    return standing(written, this.#options.run, { now, unchangedFor: now - this.#textSince });
  }

  /**
   * Reports the wait. Throws UserError when on-conflict is `fail` or the wait has reached its
   * limit.
   */
  waitOrRefuse(written: WrittenLease): void {
    const { inWords: other } = written;
    const { clock, service, onConflict, patience, tell } = this.#options;
    const now = clock.now();
    const until = this.#since + patience;
    const busy = `The run ${other} is working on service ${service.name}${signs(written)}.`;
    if (onConflict === 'fail') throw new UserError(`${busy} This run does not change the service.`);
    if (now >= until) {
      throw new UserError(
        `${busy} It did not end within the conflict-timeout; this run does not change the service.`,
      );
    }
    if (now - this.#saidAt < SAY_AGAIN) return;
    this.#saidAt = now;
    tell({
      kind: 'waiting',
      what: `another run to end: ${other}; if it does not renew its lease, it counts as dead at ${timeIn(this.#deadAt(written))} UTC`,
      since: this.#since,
      until,
      otherwise: 'this job fails',
    });
  }

  /** From when on the other run counts as dead if its tag stays unchanged. */
  #deadAt({ until }: WrittenLease): number {
    const unchanged = this.#textSince + TERM + CLAIM_WAIT;
    return until === null ? unchanged : Math.min(unchanged, until + CLOCK_SKEW);
  }
}

/** When the other run renewed its lease, and from when on it counts as dead for any run. */
function signs({ until }: WrittenLease): string {
  if (until === null) return '';
  return `; it last renewed its lease at ${timeIn(until - TERM)} UTC, and counts as dead at ${timeIn(until + CLOCK_SKEW)} UTC if it does not renew it again`;
}

const timeIn = (at: number): string => new Date(at).toISOString().slice(11, 19);
