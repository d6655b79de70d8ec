import type { Milliseconds } from '../../src/core/time/clock.ts';

/** What a simulated version of a service is like. Times of answers are in seconds, as CloudWatch has them. */
export interface Behaviour {
  /** From the start of a task until its containers run. */
  readonly startsAfter: Milliseconds;
  /** A task exits this long after its start; null: it runs until it is stopped. */
  readonly exitsAfter: Milliseconds | null;
  /** Whether its health check answers 200. */
  readonly healthy: boolean;
  /** Share of its answers that are 5xx. */
  readonly errorRate: number;
  /** Median time of an answer; the times are spread around it, with a tail. */
  readonly medianSeconds: number;
  /** Share of its answers that take ten times as long: a slow tail. */
  readonly slowShare: number;
}

export const GOOD: Behaviour = {
  startsAfter: 3_000,
  exitsAfter: null,
  healthy: true,
  errorRate: 0.001,
  medianSeconds: 0.05,
  slowShare: 0,
};
