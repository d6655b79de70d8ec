import type { Milliseconds } from '../../src/core/time/clock.ts';
import type { MetricFault } from '../faults/faults.ts';
import type { Dimensions, MetricStore } from './metric-store.ts';
import type { Statistic } from './statistics.ts';

/** A statistic over time: the result of a query. Periods without a value are absent. */
export interface Line {
  readonly period: Milliseconds;
  /** Ascending by the start of the period. */
  readonly points: ReadonlyMap<number, number>;
}

export interface Range {
  /** Inclusive, rounded down to the period. */
  readonly start: number;
  /** Exclusive: includes periods that start before it. */
  readonly end: number;
}

export interface LineQuery extends Range {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Dimensions;
  readonly statistic: Statistic;
  readonly period: Milliseconds;
  /** `null` for any unit. */
  readonly unit: string | null;
}

export interface Metrics {
  readonly store: MetricStore;
  /** The shortest period with points for a metric of standard resolution. */
  readonly periodFloor: Milliseconds;
  /** The fault of this read. */
  readonly fault?: MetricFault;
}

export function drawLine({ store, periodFloor, fault }: Metrics, query: LineQuery): Line {
  const { period, statistic, unit } = query;
  const points = new Map<number, number>();
  const series = store.find(query);
  const drawn =
    series && (unit === null || unit === series.unit) && (series.highResolution || period >= periodFloor);
  if (!drawn) return { period, points };
  for (const [at, samples] of store.periods(series, alignedTo(period, query), fault)) {
    const value = statistic(samples);
    if (value !== null) points.set(at, value);
  }
  return { period, points };
}

/** Whole periods only, so that the start and end of a query do not change the value of a point. */
export function alignedTo(period: Milliseconds, { start, end }: Range) {
  return {
    period,
    start: Math.floor(start / period) * period,
    end: Math.ceil(end / period) * period,
  };
}
