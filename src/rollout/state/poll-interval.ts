import { createHash } from 'node:crypto';
import { SECOND, type Milliseconds } from '../../core/time/clock.ts';
import { stretchedBy } from '../../core/time/cached-read.ts';

/** How often AWS is asked: how long it took to answer so far. */
export class PollInterval {
  readonly #steady: Milliseconds;
  /** Jobs that began together do not go on asking together. */
  readonly #beat: number;
  /** Nor do they ask as often where AWS cannot answer them all. */
  #stretch = 1;

  /** `id`: the rollout's. */
  constructor(id: string, metricPeriod: Milliseconds) {
    this.#steady = Math.min(5 * SECOND, Math.max(SECOND, metricPeriod / 12));
    this.#beat = 0.9 + 0.2 * shareOf(id);
  }

  answeredIn(took: Milliseconds): void {
    this.#stretch = stretchedBy(took, this.#stretch);
  }

  /** How long until the next look: shorter while ECS is moving, so that the pauses on the way cost little; longer while AWS is slow. */
  next(isMoving: boolean): Milliseconds {
    return (isMoving ? Math.min(this.#steady, 2 * SECOND) : this.#steady) * this.#stretch * this.#beat;
  }
}

/** A number from 0 to 1 that is a rollout's own, the same each time. */
function shareOf(id: string): number {
  return createHash('sha256').update(id).digest().readUInt32BE(0) / 2 ** 32;
}
