import { describe, expect, test } from '@jest/globals';
import { minutesOf, type Series } from '../../../../src/rollout/metrics/minutes.ts';
import type { CustomMetric } from '../../../../src/core/request.ts';
import type { LatencyQuestion } from '../../../../src/rollout/metrics/queries.ts';

const ORIGIN = Date.UTC(2026, 10, 21, 12);
const PERIOD = 60_000;
const COUNTS: LatencyQuestion = { by: 'counts', thresholds: [0.1, 0.2, 0.5], margin: 1.2 };
const window = (periods: number) => ({
  origin: ORIGIN,
  period: PERIOD,
  finishedBy: ORIGIN + periods * PERIOD,
});

/** Values by series, from the origin; `null` for no data point. */
function series(values: Record<string, readonly (number | null)[]>): Series {
  return new Map(
    Object.entries(values).map(([id, points]) => [
      id,
      new Map(points.flatMap((value, t) => (value === null ? [] : [[ORIGIN + t * PERIOD, value] as const]))),
    ]),
  );
}

describe('minutes of evidence', () => {
  test('a period without requests is no evidence', () => {
    const found = series({ stable_requests: [100, null, 90], stable_s2: [100, null, 90] });
    expect(minutesOf(found, window(3), { by: 'nothing' })).toEqual([
      { t: 0, stable: { requests: 100, errors: 0 } },
      { t: 2, stable: { requests: 90, errors: 0 } },
    ]);
  });

  test('requests without an answer are errors, like 5xx', () => {
    const found = series({ canary_requests: [100], canary_s2: [80], canary_s4: [5], canary_s5: [10] });
    expect(minutesOf(found, window(1), { by: 'nothing' })).toEqual([
      { t: 0, canary: { requests: 100, errors: 15 } },
    ]);
  });

  test('a request that is answered in the next period is not an error', () => {
    const found = series({ canary_requests: [100, 100, 100], canary_s2: [97, 102, 90] });
    const minutes = minutesOf(found, window(3), { by: 'nothing' });
    expect(minutes.map(({ canary }) => canary?.errors)).toEqual([1, 0, 10]);
  });

  test('only finished periods exist', () => {
    const found = series({ canary_requests: [10, 10], canary_s2: [10, 10] });
    const unfinished = { ...window(2), finishedBy: ORIGIN + 2 * PERIOD - 1 };
    expect(minutesOf(found, unfinished, { by: 'nothing' })).toHaveLength(1);
  });

  test('slow requests are rounded down for the canary and up for stable', () => {
    const found = series({
      canary_requests: [10],
      canary_s2: [10],
      canary_slow0: [4.9],
      canary_slow1: [1.2],
      stable_requests: [10],
      stable_s2: [10],
      stable_slow0: [4.1],
    });
    expect(minutesOf(found, window(1), COUNTS)).toEqual([
      {
        t: 0,
        canary: { requests: 10, errors: 0, slow: [4, 1, 0] },
        stable: { requests: 10, errors: 0, slow: [5, 0, 0] },
      },
    ]);
  });

  test('percentiles are used when counts are refused', () => {
    const found = series({
      canary_requests: [9],
      canary_s2: [9],
      canary_slow0: [0.1],
      canary_slow1: [0.2],
      canary_slow2: [0.9],
    });
    expect(minutesOf(found, window(1), { by: 'percentiles' })[0]?.canary?.percentiles).toEqual([
      0.1, 0.2, 0.9,
    ]);
  });
});

const metric = (name: string) => ({ namespace: 'Shop', metric: name, dimensions: { R: '{revision}' } });
const counts = (name: string): CustomMetric => ({
  name,
  kind: 'counts',
  bad: [metric(`${name}Failed`)],
  total: [metric(name)],
});
const age: CustomMetric = {
  name: 'age',
  kind: 'limit',
  statistic: 'Maximum',
  metric: metric('Age'),
  max: 60,
};
const ofWorker = (own: readonly CustomMetric[], found: Series, periods = 1) =>
  minutesOf(found, window(periods), { by: 'nothing' }, own, 'own');

describe('minutes of a service without a load balancer', () => {
  test('are the sum of the user’s own counts, which are also kept separately', () => {
    const found = series({
      canary_own0_total0: [40],
      canary_own0_bad0: [2],
      canary_own1_total0: [10],
      stable_own0_total0: [50],
    });
    expect(ofWorker([counts('orders'), counts('mails')], found)).toEqual([
      {
        t: 0,
        canary: {
          requests: 50,
          errors: 2,
          custom: { orders: { bad: 2, of: 40 }, mails: { bad: 0, of: 10 } },
        },
        stable: { requests: 50, errors: 0, custom: { orders: { bad: 0, of: 50 } } },
      },
    ]);
  });

  test('a reading is not a message, and no data is no evidence', () => {
    const found = series({ canary_own0_value: [30, null], stable_requests: [100, 100] });
    expect(ofWorker([age], found, 2)).toEqual([
      { t: 0, canary: { requests: 0, errors: 0, readings: { age: 0.5 } } },
    ]);
  });
});
