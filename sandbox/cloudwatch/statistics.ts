/** The values of one period in any order, with their counts. */
export interface Samples {
  readonly values: readonly number[];
  readonly counts: readonly number[];
}

/** `null` when the statistic is undefined, such as the mean of an empty range. */
export type Statistic = (samples: Samples) => number | null;

const simple: Readonly<Record<string, Statistic>> = {
  Sum: sum,
  SampleCount: count,
  Average: mean,
  Minimum: ({ values }) => values.reduce((least, value) => Math.min(least, value), Infinity),
  Maximum: ({ values }) => values.reduce((most, value) => Math.max(most, value), -Infinity),
  IQM: (samples) => mean(between(samples, { percent: 25 }, { percent: 75 })),
};

/** The statistics that GetMetricStatistics accepts in `Statistics`. */
export const SIMPLE_STATISTICS: readonly string[] = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'];

/**
 * Parses CloudWatch's statistics: Sum, p99.9, tm95, TM(10%:90%), PR(:0.3), TC(0.3:), ... `null`
 * when unknown.
 */
export function parseStatistic(text: string): Statistic | null {
  if (Object.hasOwn(simple, text)) return simple[text]!;

  const short = /^(p|tm|wm|tc|ts)(\d{1,3}(?:\.\d{1,10})?)$/i.exec(text);
  if (short) {
    const percent = Number(short[2]);
    if (percent > 100) return null;
    const family = short[1]!.toUpperCase();
    if (family === 'P') return (samples) => percentile(samples, percent);
    return ranged(family, null, { percent });
  }

  const long = /^(TM|WM|TC|TS|PR)\(([^:]*):([^:]*)\)$/i.exec(text);
  if (!long) return null;
  const [lower, upper] = [parseBound(long[2]!), parseBound(long[3]!)];
  if (lower === undefined || upper === undefined || (!lower && !upper)) return null;
  const family = long[1]!.toUpperCase();
  if (family === 'PR' && [lower, upper].some((bound) => bound && 'percent' in bound)) return null;
  return ranged(family, lower, upper);
}

type Bound = { readonly value: number } | { readonly percent: number };

/** `null` for an open bound; undefined when it is not a bound. */
function parseBound(text: string): Bound | null | undefined {
  if (text.trim() === '') return null;
  const [, number, percent] = /^\s*(-?\d+(?:\.\d+)?)(%?)\s*$/.exec(text) ?? [];
  if (number === undefined) return undefined;
  if (!percent) return { value: Number(number) };
  return Number(number) >= 0 && Number(number) <= 100 ? { percent: Number(number) } : undefined;
}

function ranged(family: string, lower: Bound | null, upper: Bound | null): Statistic {
  const inside = (samples: Samples) => between(samples, lower, upper);
  if (family === 'TM') return (samples) => mean(inside(samples));
  if (family === 'TC') return (samples) => count(inside(samples));
  if (family === 'TS') return (samples) => sum(inside(samples));
  if (family === 'PR') return (samples) => (100 * count(inside(samples))) / count(samples);
  return (samples) => mean(clamped(samples, lower, upper));
}

/**
 * `samples` must be sorted. As documented, the lower bound is exclusive and the upper bound
 * inclusive.
 */
function between(samples: Samples, lower: Bound | null, upper: Bound | null): Samples {
  const total = count(samples);
  const rank = (bound: Bound | null, open: number) =>
    bound && 'percent' in bound ? Math.round((bound.percent * total) / 100) : open;
  const [first, last] = [rank(lower, 0), rank(upper, total)];
  const above = lower && 'value' in lower ? lower.value : -Infinity;
  const upTo = upper && 'value' in upper ? upper.value : Infinity;

  const values: number[] = [];
  const counts: number[] = [];
  let seen = 0;
  for (const [value, times] of sorted(samples)) {
    const inRank = Math.min(seen + times, last) - Math.max(seen, first);
    seen += times;
    if (inRank <= 0 || value <= above || value > upTo) continue;
    values.push(value);
    counts.push(inRank);
  }
  return { values, counts };
}

function clamped(samples: Samples, lower: Bound | null, upper: Bound | null): Samples {
  const edge = (bound: Bound | null, open: number) => {
    if (!bound) return open;
    return 'value' in bound ? bound.value : percentile(samples, bound.percent);
  };
  const [least, most] = [edge(lower, -Infinity), edge(upper, Infinity)];
  return {
    values: samples.values.map((value) => Math.min(most, Math.max(least, value))),
    counts: samples.counts,
  };
}

/** The smallest value that at least `percent` of the samples do not exceed. */
function percentile(samples: Samples, percent: number): number {
  // 99.9 * 1000 / 100 must be 999 despite binary fractions.
  const rank = Math.max(1, Math.ceil((percent * count(samples)) / 100 - 1e-9));
  let seen = 0;
  let value = NaN;
  for (const [next, times] of sorted(samples)) {
    value = next;
    seen += times;
    if (seen >= rank) break;
  }
  return value;
}

type Sorted = readonly (readonly [value: number, times: number])[];

/** Cached, because several statistics of the same period are usually read repeatedly. */
const sortedBefore = new WeakMap<Samples, Sorted>();

function sorted(samples: Samples): Sorted {
  const before = sortedBefore.get(samples);
  if (before) return before;
  const times = new Map<number, number>();
  samples.values.forEach((value, i) => times.set(value, (times.get(value) ?? 0) + samples.counts[i]!));
  const pairs = [...times].toSorted(([a], [b]) => a - b);
  sortedBefore.set(samples, pairs);
  return pairs;
}

function count({ counts }: Samples): number {
  return counts.reduce((total, times) => total + times, 0);
}

function sum({ values, counts }: Samples): number {
  return values.reduce((total, value, i) => total + value * counts[i]!, 0);
}

function mean(samples: Samples): number | null {
  const total = count(samples);
  return total === 0 ? null : sum(samples) / total;
}
