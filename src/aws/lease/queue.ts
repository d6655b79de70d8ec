import { MINUTE, SECOND, type Clock, type Milliseconds } from '../../core/time/clock.ts';
import type { Waiting } from '../../core/trail/event.ts';
import type { Run } from '../../core/run.ts';
import { standing, type WrittenLease } from './run-tag.ts';
import { CLOCK_SKEW, TERM } from './times.ts';
import { UserError } from '../../core/failure.ts';

/** The log is never silent for longer. */
const SAY_EVERY = 25 * SECOND;

export interface QueueOptions {
  readonly clock: Clock;
  readonly run: Run;
  readonly service: { readonly name: string };
  readonly onConflict: 'wait' | 'fail';
  /** The longest wait for another run. */
  readonly patience: Milliseconds;
  readonly tell: (event: Waiting) => void;
}

/** One run's place behind another one: since when it waits, and for how long the other's lease has read the same, by our own clock. */
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

  /** Whose the service is, by what is written on it now. */
  standing(written: WrittenLease | null): ReturnType<typeof standing> {
    const now = this.#options.clock.now();
    const text = written?.text ?? null;
    if (text !== this.#text) {
      this.#text = text;
      this.#textSince = now;
    }
    return standing(written, this.#options.run, { now, unchangedFor: now - this.#textSince });
  }

  /** Says who is waited for. Throws UserError where that is not wanted, or no longer. */
  waitOrRefuse({ inWords: other }: WrittenLease): void {
    const { clock, service, onConflict, patience, tell } = this.#options;
    const now = clock.now();
    const until = this.#since + patience;
    const busy = `The run ${other} is at work on service ${service.name}, or has died less than ${Math.ceil((TERM + CLOCK_SKEW) / MINUTE)} minutes ago.`;
    if (onConflict === 'fail') throw new UserError(`${busy} This one leaves it alone.`);
    if (now >= until) {
      throw new UserError(`${busy} It had not ended within the conflict-timeout; this one leaves it alone.`);
    }
    if (now - this.#saidAt < SAY_EVERY) return;
    this.#saidAt = now;
    tell({
      kind: 'waiting',
      what: `another run to end: ${other}`,
      since: this.#since,
      until,
      otherwise: 'this job fails',
    });
  }
}
