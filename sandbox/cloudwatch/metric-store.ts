import type { StandardUnit } from '@aws-sdk/client-cloudwatch';
import { HOUR, MINUTE, SECOND } from '../../src/time/clock.ts';
import type { Clock, Milliseconds } from '../../src/time/clock.ts';
import type { Samples } from './statistics.ts';

export type Dimensions = Readonly<Record<string, string>>;

/** One metric under one combination of dimensions. */
export interface Series {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Dimensions;
  readonly unit: StandardUnit;
  /** Kept by the second (StorageResolution 1), else for periods from the store's floor up. */
  readonly highResolution: boolean;
  /** Ascending. */
  readonly seconds: Second[];
}

/** What was measured within one second. */
interface Second {
  readonly start: number;
  readonly values: number[];
  /** How often each value came; null while each came once. A counter's thousand samples of 1 are one entry. */
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
  /** The samples of each period that has any, by the period's start; only those that are published by now. */
  periods(series: Series, range: { start: number; end: number; period: Milliseconds }): Map<number, Samples>;
}

const KEPT = 3 * HOUR;

/** @param options.lag how long after the end of its second a sample is published. */
export function createMetricStore({ clock, lag }: { clock: Clock; lag: Milliseconds }): MetricStore {
  const store = new Map<string, Series>();
  let swept = clock.now();

  function sweep(): void {
    swept = clock.now();
    for (const [key, { seconds }] of store) {
      const first = firstFrom(seconds, swept - KEPT);
      if (first > 0) seconds.splice(0, first);
      if (seconds.length === 0) store.delete(key);
    }
  }

  return {
    add({ namespace, metric, dimensions, at, value, count, unit, highResolution }) {
      if (clock.now() - swept >= MINUTE) sweep();
      const key = keyOf(namespace, metric, dimensions);
      let series = store.get(key);
      if (!series) {
        series = { namespace, metric, dimensions, unit, highResolution, seconds: [] };
        store.set(key, series);
      }
      addTo(secondAt(series.seconds, Math.floor(at / SECOND) * SECOND), value, count);
    },

    find: ({ namespace, metric, dimensions }) => store.get(keyOf(namespace, metric, dimensions)) ?? null,

    all: () => [...store.values()],

    periods({ seconds }, { start, end, period }) {
      const published = clock.now() - lag - SECOND;
      const found = new Map<number, { values: number[]; counts: number[] }>();
      for (let i = firstFrom(seconds, start); i < seconds.length; i++) {
        const second = seconds[i]!;
        if (second.start >= end || second.start > published) break;
        const at = Math.floor(second.start / period) * period;
        let samples = found.get(at);
        if (!samples) found.set(at, (samples = { values: [], counts: [] }));
        for (let j = 0; j < second.values.length; j++) {
          samples.values.push(second.values[j]!);
          samples.counts.push(second.counts?.[j] ?? 1);
        }
      }
      return found;
    },
  };
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

/** Index of the first second that does not begin before `start`. */
function firstFrom(seconds: readonly Second[], start: number): number {
  let low = 0;
  let high = seconds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (seconds[middle]!.start < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whoever records often hands over the same object each time, so its key is made once. */
const dimensionKeys = new WeakMap<Dimensions, string>();

function keyOf(namespace: string, metric: string, dimensions: Dimensions): string {
  let key = dimensionKeys.get(dimensions);
  if (key === undefined) {
    key = JSON.stringify(Object.entries(dimensions).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    dimensionKeys.set(dimensions, key);
  }
  return `${namespace}\n${metric}\n${key}`;
}
