import type { Milliseconds } from '../../core/time/clock.ts';

/** What a service served in a time gone by. */
export interface History {
  /** Start of period 0, milliseconds since 1970. */
  readonly origin: number;
  readonly period: Milliseconds;
  /** Whole periods, with or without requests. */
  readonly periods: number;
  /** Ascending in `t`; periods without requests are missing. */
  readonly served: readonly Served[];
}

/** One period of all the requests to the service. */
export interface Served {
  /** In periods since the origin. */
  readonly t: number;
  readonly requests: number;
  readonly errors: number;
  /** Null: latency was not counted. */
  readonly slow: Slow | null;
}

/** How many requests took longer than each of the frozen p50, p90 and p99, and than each of them times the latency margin. */
export interface Slow {
  readonly overThreshold: readonly number[];
  readonly overMargin: readonly number[];
}
