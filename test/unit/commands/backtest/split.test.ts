import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Served } from '../../../../src/commands/backtest/history.ts';
import { Random } from '../../../../src/commands/backtest/random.ts';
import { split } from '../../../../src/commands/backtest/split.ts';

/** Any period of a service: counts over limits in any order, some of them equal. */
const served = fc
  .record({
    requests: fc.integer({ min: 0, max: 5_000 }),
    shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 7, maxLength: 7 }),
  })
  .map(({ requests, shares }): Served => {
    const [errors = 0, ...over] = shares.map((share) => Math.floor(share * requests));
    return {
      t: 0,
      requests,
      errors,
      slow: { overThreshold: over.slice(0, 3), overMargin: over.slice(3) },
    };
  });
const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });

test('the parts of a split add up, and no arm has more errors or slow requests than requests', () => {
  fc.assert(
    fc.property(served, share, fc.integer(), (served, share, seed) => {
      const { canary, stable } = split(served, 7, { share, fault: 0 }, new Random(seed));
      expect((canary?.requests ?? 0) + (stable?.requests ?? 0)).toBe(served.requests);
      expect((canary?.errors ?? 0) + (stable?.errors ?? 0)).toBe(served.errors);
      for (const arm of [canary, stable]) {
        for (const count of [arm?.errors ?? 0, ...(arm?.slow ?? [])]) {
          expect(count).toBeGreaterThanOrEqual(0);
          expect(count).toBeLessThanOrEqual(arm?.requests ?? 0);
        }
      }
    }),
  );
});

test('each arm gets its share of the slow requests, each counted over its own limit', () => {
  const random = new Random(3);
  const slow = { overThreshold: [5_000, 1_000, 100], overMargin: [4_000, 700, 60] };
  const sums = { canary: [0, 0, 0], stable: [0, 0, 0] };
  for (let t = 0; t < 300; t++) {
    const minute = split({ t, requests: 10_000, errors: 0, slow }, t, { share: 0.1, fault: 0 }, random);
    for (const arm of ['canary', 'stable'] as const) {
      minute[arm]?.slow?.forEach((count, index) => (sums[arm][index]! += count / 300));
    }
  }
  for (const index of [0, 1, 2]) {
    expect(sums.canary[index]! / (0.1 * slow.overMargin[index]!)).toBeCloseTo(1, 1);
    expect(sums.stable[index]! / (0.9 * slow.overThreshold[index]!)).toBeCloseTo(1, 1);
  }
});

test('a fault affects only the canary, and only requests that had not failed', () => {
  const served = { t: 0, requests: 10_000, errors: 1_000, slow: null };
  const { canary, stable } = split(served, 0, { share: 0.5, fault: 1 }, new Random(1));
  expect(canary?.errors).toBe(canary?.requests);
  expect(stable!.errors! / stable!.requests).toBeCloseTo(0.1, 1);
});

test('an arm without requests is missing, as in CloudWatch', () => {
  const served = { t: 0, requests: 1, errors: 0, slow: null };
  const minute = split(served, 0, { share: 0.5, fault: 0 }, new Random(1));
  expect(Object.keys(minute)).toHaveLength(2);
});

/** Mean and variance of many draws. */
function momentsOf(draw: () => number, draws = 8_000): { mean: number; variance: number } {
  const values = Array.from({ length: draws }, draw);
  const mean = values.reduce((a, b) => a + b, 0) / draws;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws };
}

describe('the random numbers', () => {
  test.each([
    [50, 5, 10],
    [50, 45, 20],
    [1_000, 300, 900],
    [60_000, 30_000, 6_000],
  ])('are hypergeometric: of %i, %i marked, %i drawn', (of, marked, drawn) => {
    const random = new Random(5);
    const { mean, variance } = momentsOf(() => random.hypergeometric(of, marked, drawn));
    const share = marked / of;
    expect(mean / (drawn * share)).toBeCloseTo(1, 1);
    const expected = (drawn * share * (1 - share) * (of - drawn)) / (of - 1);
    expect(variance / expected).toBeCloseTo(1, 1);
  });

  test.each([
    [20, 0.1],
    [1_000, 0.7],
    [100_000, 0.2],
  ])('are binomial: of %i, each with %f', (of, probability) => {
    const random = new Random(5);
    const { mean, variance } = momentsOf(() => random.binomial(of, probability));
    expect(mean / (of * probability)).toBeCloseTo(1, 1);
    expect(variance / (of * probability * (1 - probability))).toBeCloseTo(1, 1);
  });
});
