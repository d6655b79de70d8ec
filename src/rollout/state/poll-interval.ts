import { createHash } from 'node:crypto';
import type { Judging } from '../../core/request.ts';
import { SECOND, type Milliseconds } from '../../core/time/clock.ts';
import { stretchedBy } from '../../core/time/cached-read.ts';

/** `moving`: ECS will continue within seconds. `quiet`: nothing happens for minutes. */
export type Pace = 'moving' | 'steady' | 'quiet';

/** What is expected to happen next. */
export interface Expected {
  readonly now: number;
  readonly pace: Pace;
  /** When the rollout can continue; `null` when that depends on something else. */
  readonly until: number | null;
}

export interface Wait {
  readonly delay: Milliseconds;
  /** It ends before the usual time because something is due: only that is to be read. */
  readonly isShortened: boolean;
}

/** In relation to the usual interval. */
const QUIET = 2.2;
/** No observation follows the last one sooner. */
const SHORTEST = SECOND / 2;

/** How often AWS is read, adjusted to how long it takes to answer. */
export class PollInterval {
  readonly #steady: Milliseconds;
  readonly #judging: Pick<Judging, 'metricPeriod' | 'metricDelay'>;
  /** Differs between rollouts, so that jobs that started together do not poll at the same time. */
  readonly #share: number;
  /** Grows while AWS answers slowly. */
  #stretch = 1;
  /** When the observation follows that a shortened wait has put off; `null` when there is none. */
  #putOffTo: number | null = null;

  /** `id` is that of the rollout. */
  constructor(id: string, judging: Pick<Judging, 'metricPeriod' | 'metricDelay'>) {
    this.#judging = judging;
    this.#steady = Math.min(5 * SECOND, Math.max(SECOND, judging.metricPeriod / 12));
    this.#share = shareOf(id);
  }

  answeredIn(took: Milliseconds): void {
    this.#stretch = stretchedBy(took, this.#stretch);
  }

  /**
   * The wait for the next observation: shorter while ECS is moving, so that pauses between the steps
   * of the plan take little time; longer while AWS is slow. It ends when the next metrics are expected,
   * or when the rollout can continue.
   */
  next({ now, pace, until }: Expected): Wait {
    const beat = 0.9 + 0.2 * this.#share;
    const usual = this.#usual(pace) * this.#stretch * beat;
    const regular = pace === 'quiet' ? (this.#putOffTo ?? now + usual) : now + usual;
    const due = [this.#metricsAfter(now), until ?? Infinity].filter((at) => at > now);
    const isShortened = Math.min(...due) < regular;
    this.#putOffTo = isShortened && pace === 'quiet' ? regular : null;
    const delay = Math.max(Math.min(SHORTEST, usual), Math.min(regular, ...due) - now);
    return { delay, isShortened };
  }

  #usual(pace: Pace): Milliseconds {
    if (pace === 'moving') return Math.min(this.#steady, 2 * SECOND);
    return pace === 'quiet' ? QUIET * this.#steady : this.#steady;
  }

  /** When the metrics of the next period are read. Jobs read them one after the other. */
  #metricsAfter(now: number): number {
    const { metricPeriod, metricDelay } = this.#judging;
    const next = (Math.floor((now - metricDelay) / metricPeriod) + 1) * metricPeriod + metricDelay;
    return next + this.#share * this.#steady;
  }
}

/** A number from 0 to 1, derived from the id of a rollout. */
function shareOf(id: string): number {
  return createHash('sha256').update(id).digest().readUInt32BE(0) / 2 ** 32;
}
