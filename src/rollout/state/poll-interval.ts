import { createHash } from 'node:crypto';
import { SECOND, type Milliseconds } from '../../core/time/clock.ts';
import { stretchedBy } from '../../core/time/cached-read.ts';

/** How often AWS is read, adjusted to how long it takes to answer. */
export class PollInterval {
  readonly #steady: Milliseconds;
  /** Differs between rollouts, so that jobs that started together do not poll at the same time. */
  readonly #beat: number;
  /** Grows while AWS answers slowly. */
  #stretch = 1;

  /** `id` is that of the rollout. */
  constructor(id: string, metricPeriod: Milliseconds) {
    this.#steady = Math.min(5 * SECOND, Math.max(SECOND, metricPeriod / 12));
    this.#beat = 0.9 + 0.2 * shareOf(id);
  }

  answeredIn(took: Milliseconds): void {
    this.#stretch = stretchedBy(took, this.#stretch);
  }

  /**
   * The time until the next observation: shorter while ECS is moving, so that pauses between the
   * steps of the plan take little time; longer while AWS is slow.
   */
  next(isMoving: boolean): Milliseconds {
    return (isMoving ? Math.min(this.#steady, 2 * SECOND) : this.#steady) * this.#stretch * this.#beat;
  }
}

/** A number from 0 to 1, derived from the id of a rollout. */
function shareOf(id: string): number {
  return createHash('sha256').update(id).digest().readUInt32BE(0) / 2 ** 32;
}
