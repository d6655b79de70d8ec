import type { Milliseconds } from '../../core/time/clock.ts';

/** The past traffic of a service. */
export interface History {
  /** Start of period 0, milliseconds since 1970. */
  readonly origin: number;
  readonly period: Milliseconds;
  /** The number of whole periods, with or without requests. */
  readonly periods: number;
  /** Ascending in `t`; periods without requests are missing. */
  readonly served: readonly Served[];
}

/** All requests to the service in one period. */
export interface Served {
  /** In periods since the origin. */
  readonly t: number;
  readonly requests: number;
  readonly errors: number;
  /** `null` if latency was not counted. */
  readonly slow: Slow | null;
}

/**
 * How many requests took longer than each of the fixed p50, p90 and p99, and longer than each of
 * them times the latency margin.
 */
export interface Slow {
  readonly overThreshold: readonly number[];
  readonly overMargin: readonly number[];
}
