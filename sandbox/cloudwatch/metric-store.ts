import type { StandardUnit } from '@aws-sdk/client-cloudwatch';
import { HOUR, MINUTE, SECOND } from '../../src/core/time/clock.ts';
import type { Clock, Milliseconds } from '../../src/core/time/clock.ts';
import { NO_METRIC_FAULT } from '../faults/metric-fault.ts';
import type { MetricFault } from '../faults/metric-fault.ts';
import type { Samples } from './statistics.ts';

export type Dimensions = Readonly<Record<string, string>>;

/** One metric under one combination of dimensions. */
export interface Series {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Dimensions;
  readonly unit: StandardUnit;
  /**
   * Whether it has StorageResolution 1; otherwise only periods from the store's minimum up have
   * points.
   */
  readonly highResolution: boolean;
  /** Ascending. */
  readonly seconds: Second[];
  /**
   * Cache of completely published periods, by length and start, because they are read repeatedly.
   */
  readonly merged: Map<Milliseconds, Map<number, Samples>>;
}

/** The samples of one second. */
interface Second {
  readonly start: number;
  readonly values: number[];
  /**
   * The count of each value; `null` while each has occurred once. A thousand samples of 1 are one
   * entry.
   */
  counts: number[] | null;
}

export interface Measurement {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Dimensions;
  readonly at: number;
  readonly value: number;
  readonly count: number;
  readonly unit: StandardUnit;
  readonly highResolution: boolean;
}

export interface MetricStore {
  add(measurement: Measurement): void;
  find(metric: Pick<Series, 'namespace' | 'metric' | 'dimensions'>): Series | null;
  all(): Series[];
  /** The published samples of each period that has any, by the start of the period. */
  periods(
    series: Series,
    range: { start: number; end: number; period: Milliseconds },
    fault?: MetricFault,
  ): Map<number, Samples>;
}

const KEPT = 3 * HOUR;

/** @param options.lag delay from the end of the second of a sample to its publication. */
export function createMetricStore({ clock, lag }: { clock: Clock; lag: Milliseconds }): MetricStore {
  const store = new Map<string, Series>();
  let swept = clock.now();

  function sweep(): void {
    swept = clock.now();
    for (const [key, { seconds, merged }] of store) {
      const first = firstFrom(seconds, swept - KEPT);
      if (first > 0) {
        seconds.splice(0, first);
        merged.clear();
      }
      if (seconds.length === 0) store.delete(key);
    }
  }

  return {
    add({ namespace, metric, dimensions, at, value, count, unit, highResolution }) {
      if (clock.now() - swept >= MINUTE) sweep();
      const key = keyOf(namespace, metric, dimensions);
      let series = store.get(key);
      if (!series) {
        series = { namespace, metric, dimensions, unit, highResolution, seconds: [], merged: new Map() };
        store.set(key, series);
      }
      // Late samples are rare, and may belong to a period of any length.
      if (at < clock.now() - lag) series.merged.clear();
      addTo(secondAt(series.seconds, Math.floor(at / SECOND) * SECOND), value, count);
    },

    find: ({ namespace, metric, dimensions }) => store.get(keyOf(namespace, metric, dimensions)) ?? null,

    all: () => [...store.values()],

    periods({ seconds, merged }, { start, end, period }, { late, growing } = NO_METRIC_FAULT) {
      const published = clock.now() - lag - late - SECOND;
      const shareOf = (second: number) =>
        growing === 0 ? 1 : Math.min(1, (published - second + SECOND) / growing);
      let whole = merged.get(period);
      if (!whole) merged.set(period, (whole = new Map()));
      const found = new Map<number, Samples>();
      for (let i = firstFrom(seconds, start); i < seconds.length;) {
        const first = seconds[i]!.start;
        if (first >= end || first > published) break;
        const at = Math.floor(first / period) * period;
        const next = firstFrom(seconds, at + period, i);
        const isWhole = at >= start && at + period <= end && at + period + growing - SECOND <= published;
        const samples =
          (isWhole && whole.get(at)) ||
          merge(seconds, { first: i, end: next, last: Math.min(end - 1, published), shareOf });
        if (isWhole) whole.set(at, samples);
        found.set(at, samples);
        i = next;
      }
      return found;
    },
  };
}

interface Stretch {
  readonly first: number;
  readonly end: number;
  readonly last: number;
  /** The published share of a second, from 0 to 1. */
  readonly shareOf: (second: number) => number;
}

/**
 * The samples of the seconds from index `first` to `end` (exclusive) that start no later than
 * `last`.
 */
function merge(seconds: readonly Second[], { first, end, last, shareOf }: Stretch): Samples {
  const samples: { values: number[]; counts: number[] } = { values: [], counts: [] };
  for (let i = first; i < end && seconds[i]!.start <= last; i++) {
    const { start, values, counts } = seconds[i]!;
    const share = shareOf(start);
    for (let j = 0; j < values.length; j++) {
      const count = partOf(counts?.[j] ?? 1, j, share);
      if (count === 0) continue;
      samples.values.push(values[j]!);
      samples.counts.push(count);
    }
  }
  return samples;
}

/**
 * A single value is published completely or not at all: every tenth value stands for a host, and
 * hosts report one after another.
 */
function partOf(count: number, index: number, share: number): number {
  if (share >= 1) return count;
  return count === 1 ? Number((index % 10) / 10 < share) : Math.floor(count * share);
}

function secondAt(seconds: Second[], start: number): Second {
  const last = seconds.at(-1);
  if (last?.start === start) return last;
  const index = last && last.start > start ? firstFrom(seconds, start) : seconds.length;
  const present = seconds[index];
  if (present?.start === start) return present;
  const second: Second = { start, values: [], counts: null };
  seconds.splice(index, 0, second);
  return second;
}

function addTo(second: Second, value: number, count: number): void {
  const last = second.values.length - 1;
  const repeated = last >= 0 && second.values[last] === value;
  if (repeated || count !== 1) second.counts ??= second.values.map(() => 1);
  if (repeated) {
    second.counts![last]! += count;
  } else {
    second.values.push(value);
    second.counts?.push(count);
  }
}

/**
 * Index of the first second that does not start before `start`. `low` is a known lower bound of the
 * index.
 */
function firstFrom(seconds: readonly Second[], start: number, low = 0): number {
  let high = seconds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (seconds[middle]!.start < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Caches the keys, because frequent callers pass the same object each time. */
const keys = new WeakMap<Dimensions, Map<string, Map<string, string>>>();

function keyOf(namespace: string, metric: string, dimensions: Dimensions): string {
  let ofDimensions = keys.get(dimensions);
  if (!ofDimensions) keys.set(dimensions, (ofDimensions = new Map()));
  let ofNamespace = ofDimensions.get(namespace);
  if (!ofNamespace) ofDimensions.set(namespace, (ofNamespace = new Map()));
  let key = ofNamespace.get(metric);
  if (key === undefined) {
    const sorted = Object.entries(dimensions).toSorted(([a], [b]) => (a < b ? -1 : 1));
    ofNamespace.set(metric, (key = `${namespace}\n${metric}\n${JSON.stringify(sorted)}`));
  }
  return key;
}
