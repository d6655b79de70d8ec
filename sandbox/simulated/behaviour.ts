import type { Milliseconds } from '../../src/core/time/clock.ts';

/** The behaviour of a simulated release. Response times are in seconds, as in CloudWatch. */
export interface Behaviour {
  /** Time from the start of a task until its containers run. */
  readonly startsAfter: Milliseconds;
  /** Time after which a task exits by itself; `null` when it runs until it is stopped. */
  readonly exitsAfter: Milliseconds | null;
  /** Whether its health checks return 200. */
  readonly healthy: boolean;
  /** Share of its answers that are 5xx. */
  readonly errorRate: number;
  /** Median response time of a distribution with a tail. */
  readonly medianSeconds: number;
  /** Share of the answers that take ten times as long: a slow tail. */
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
