import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { judge } from '../../../src/judge/judge.ts';
import type { Counts, Recording } from '../../../src/judge/recording.ts';
import type { Tallies } from '../../../src/judge/tally.ts';
import { byLot } from './by-lot.ts';

/**
 * The formulas as documented: double sums of products, without logarithms or running sums, for
 * small recordings. The judge must give the same numbers.
 */

const ODDS = [2, 3.5, 6, 12, 50, 300];
const WEIGHTS = [0.25, 0.2, 0.2, 0.19, 0.11, 0.05];
const SHARES = { errors: 0.65, latency: 0.28, guard: 0.07 };
const FALSE_ALARM_RATE = 0.01;

const belief = (k: number): number => (k === 0 ? 0.7 : 0.3 / (k * (k + 1)));

/**
 * sum_k pi_k prod(t = s_k..T) factor(t), with starts at every fifth period; future starts keep
 * their belief.
 */
function withRestarts(factors: readonly number[]): number {
  const starts = factors.map((_, t) => t).filter((t) => t % 5 === 0);
  const begun = starts.map((start, k) => belief(k) * product(factors.slice(start)));
  const toCome = starts.length === 0 ? 1 : 0.3 / starts.length;
  return total(begun) + toCome;
}

const product = (values: readonly number[]): number => values.reduce((a, b) => a * b, 1);
const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

type Arms = readonly (readonly [canary: Counts, stable: Counts])[];

function counts(arms: Arms, bad: (counts: Counts) => number, share: number): number {
  const pairs = arms.map(([canary, stable]) => ({
    canary: { bad: bad(canary), of: canary.requests },
    stable: { bad: bad(stable), of: stable.requests },
  }));
  const enough = 1 / (FALSE_ALARM_RATE * share);
  return (
    pairs.reduce((stretch, pair, t) => {
      const before = pairs.slice(0, t);
      const now = stretch * unstretched(before);
      const inAll = pair.canary.bad + pair.stable.bad;
      if (inAll !== 1 || now >= enough) return stretch;
      const then = byLot(pair).map((outcome) => ({
        probability: outcome.probability,
        value: stretch * unstretched([...before, outcome.pair]),
      }));
      const mean = (b: number) =>
        total(then.map(({ probability, value }) => probability * Math.min(b * value, enough)));
      return stretch * root((b) => mean(b) - now);
    }, 1) * unstretched(pairs)
  );
}

function unstretched(pairs: readonly Tallies[]): number {
  return total(
    ODDS.map((odds, j) => {
      const factors = pairs.map((pair) => {
        const mean = total(byLot(pair).map(({ probability, ours }) => probability * odds ** ours));
        return Math.min(odds ** pair.canary.bad / mean, 30);
      });
      return (WEIGHTS[j] ?? 0) * withRestarts(factors);
    }),
  );
}

/** The zero of an increasing function on numbers from 0. */
function root(of: (b: number) => number): number {
  let [below, above] = [0, 1];
  while (of(above) < 0) above *= 2;
  for (let i = 0; i < 80; i++) {
    const middle = (below + above) / 2;
    if (of(middle) < 0) below = middle;
    else above = middle;
  }
  return above;
}

function guard(arms: Arms): number {
  const limit = 0.05;
  return (
    total(
      [0.1, 0.2, 0.5].map((rate) =>
        withRestarts(
          arms.map(([{ requests, errors = 0 }, stable]) =>
            (stable.errors ?? 0) / stable.requests > limit
              ? 1
              : (rate / limit) ** errors * ((1 - rate) / (1 - limit)) ** (requests - errors),
          ),
        ),
      ),
    ) / 3
  );
}

function good(arms: Arms): number {
  const errors = total(arms.map(([canary]) => canary.errors ?? 0));
  const requests = total(arms.map(([canary]) => canary.requests));
  const stableRate =
    total(arms.map(([, stable]) => stable.errors ?? 0)) / total(arms.map(([, stable]) => stable.requests));
  const tolerable = Math.max(0.01, 2 * stableRate);
  const likelihoods = [0, 0.1, 0.25, 0.5].map(
    (fraction) => fraction ** errors * ((1 - fraction * tolerable) / (1 - tolerable)) ** (requests - errors),
  );
  return total(likelihoods) / 4;
}

/** Fewer than 20 errors, so that the cap is not removed by a catastrophe. */
const canary = fc.record({
  requests: fc.integer({ min: 2, max: 40 }),
  errors: fc.integer({ min: 0, max: 1 }),
  slow: fc.constantFrom([2, 1, 0], [2, 2, 2], [0, 0, 0], [1, 1, 0]),
});
const stable = fc.record({
  requests: fc.integer({ min: 20, max: 90 }),
  errors: fc.integer({ min: 0, max: 6 }),
  slow: fc.constantFrom([10, 2, 0], [9, 1, 1], [20, 12, 3]),
});

test('every number of the evidence equals its formula', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(canary, stable), { minLength: 1, maxLength: 13 }), (arms) => {
      const recording: Recording = {
        period: 60,
        steps: [{ at: 0, percent: 10 }],
        minutes: arms.map(([ours, theirs], t) => ({ t, canary: ours, stable: theirs })),
        settings: { warmUp: 0, metricDelay: 0 },
      };
      judge(recording).evidence.forEach((evidence, t) => {
        const soFar = arms.slice(0, t + 1);
        const errors = counts(soFar, (arm) => arm.errors ?? 0, SHARES.errors);
        const latency =
          total(
            [0, 1, 2].map((threshold) =>
              counts(soFar, (arm) => arm.slow?.[threshold] ?? 0, SHARES.latency / 3),
            ),
          ) / 3;
        const limit = guard(soFar);
        const expected = [
          errors,
          latency,
          limit,
          SHARES.errors * errors + SHARES.latency * latency + SHARES.guard * limit,
          good(soFar),
        ];
        const ours = [evidence.errors, evidence.latency, evidence.guard, evidence.total, evidence.good];
        const furthest = Math.max(
          ...expected.map((value, index) => Math.abs((ours[index] ?? NaN) / value - 1)),
        );
        expect(furthest).toBeLessThan(1e-9);
      });
    }),
    { seed: 3, numRuns: 40 },
  );
});
