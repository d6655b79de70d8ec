import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { CAP, countsTest, type CountsTestOptions } from '../../../src/judge/counts-test.ts';
import { judge } from '../../../src/judge/judge.ts';
import { OPEN_ENDED, restartsUpTo } from '../../../src/judge/restarts.ts';
import type { Pair } from '../../../src/judge/tally.ts';
import { Random } from '../../bench/random.ts';
import { byLot } from './by-lot.ts';

/**
 * The guarantee: a canary that is as good as stable is rolled back with a probability of at most
 * falseAlarmRate.
 */

const few = { seed: 4_147, numRuns: 80 };

/**
 * Counts of a period in two arms. The canary's share of the requests is 3% to 90%, none, or all.
 */
const pairOf = (bad: fc.Arbitrary<number>): fc.Arbitrary<Pair> =>
  fc
    .record({
      of: fc.integer({ min: 40, max: 400 }),
      share: fc.oneof(
        { weight: 8, arbitrary: fc.double({ min: 0.03, max: 0.9, noNaN: true }) },
        { weight: 1, arbitrary: fc.constantFrom(0, 1) },
      ),
      bad,
    })
    .map(({ of, share, bad: K }) => {
      const canary = Math.round(of * share);
      const ours = Math.min(canary, Math.max(Math.floor(K / 2), K - (of - canary)));
      return { t: 0, canary: { bad: ours, of: canary }, stable: { bad: K - ours, of: of - canary } };
    })
    .filter(({ stable }) => stable.bad <= stable.of);

const evidenceOf = (pairs: readonly Pair[], options: Partial<CountsTestOptions>): number => {
  const restarts = { times: [0, 2], prior: OPEN_ENDED };
  const inOrder = pairs.map((pair, t) => ({ ...pair, t }));
  return Math.exp(
    countsTest(inOrder, { cap: Infinity, dispersion: 1, restarts, ...options }).at(-1)?.logE ?? 0,
  );
};

const meanOver = <P extends Pair>(pair: P, of: (outcome: P) => number): number =>
  byLot(pair).reduce((sum, { probability, pair: outcome }) => sum + probability * of(outcome), 0);

describe('equally good arms', () => {
  test('the mean evidence of a period is exactly 1 over all distributions of the bad requests', () => {
    fc.assert(
      fc.property(pairOf(fc.nat(200)), (pair) => {
        expect(meanOver(pair, (outcome) => evidenceOf([outcome], {}))).toBeCloseTo(1, 9);
      }),
      few,
    );
  });

  test('and at most 1 with the cap, with clusters and with the binomial bound', () => {
    const options = fc.record({
      cap: fc.constantFrom(30, Infinity),
      dispersion: fc.constantFrom(1, 4),
      bound: fc.boolean(),
    });
    fc.assert(
      fc.property(pairOf(fc.nat(40)), options, (pair, option) => {
        expect(meanOver(pair, (outcome) => evidenceOf([outcome], option))).toBeLessThanOrEqual(1 + 1e-9);
      }),
      few,
    );
  });

  test('the mean of the evidence that counts never grows, and none is wasted when a single request is bad', () => {
    const enough = 40;
    const option = { cap: 30, enough };
    const history = fc.array(pairOf(fc.nat(6)), { maxLength: 8 });
    fc.assert(
      fc.property(history, pairOf(fc.integer({ min: 1, max: 4 })), (before, pair) => {
        const now = evidenceOf(before, option);
        fc.pre(now < enough);
        const then = meanOver(pair, (outcome) => Math.min(evidenceOf([...before, outcome], option), enough));
        expect(then / now).toBeLessThanOrEqual(1 + 1e-9);
        if (pair.canary.bad + pair.stable.bad === 1) expect(then / now).toBeCloseTo(1, 9);
      }),
      few,
    );
  });

  test.each([30, 300, 2_000])(
    'are found guilty no oftener than promised, at %i requests a minute and whatever the share',
    (requests) => {
      const enough = 10;
      const rollouts = 60;
      const shares = [0.03, 0.1, 0.5, 0.9];
      const guilty = shares.flatMap((share) =>
        Array.from({ length: rollouts }, (_, run) => {
          const random = new Random(run * 7_919 + requests + share * 100);
          const tally = (of: number) => ({ of, bad: random.binomial(of, 0.004) });
          const pairs = Array.from({ length: 30 }, (__, t) => {
            const canary = tally(random.poisson(requests * share));
            return { t, canary, stable: tally(random.poisson(requests * (1 - share))) };
          });
          const options = { cap: CAP, dispersion: 1, restarts: restartsUpTo(30, []), enough };
          return countsTest(pairs, options).some(({ logE }) => logE >= Math.log(enough));
        }).filter(Boolean),
      );
      expect(guilty.length / (rollouts * shares.length)).toBeLessThanOrEqual(1 / enough);
    },
  );

  test('a canary that is better than stable can only have less evidence against it, on average', () => {
    fc.assert(
      fc.property(
        pairOf(fc.integer({ min: 1, max: 20 })),
        fc.double({ min: 0.1, max: 0.99, noNaN: true }),
        (pair, odds) => {
          const likelihood = ({ canary }: Pair): number => odds ** canary.bad;
          const option = { cap: 30, enough: 40 };
          const weighted = meanOver(pair, (outcome) => likelihood(outcome) * evidenceOf([outcome], option));
          expect(weighted / meanOver(pair, likelihood)).toBeLessThanOrEqual(1 + 1e-9);
        },
      ),
      few,
    );
  });

  test('are not rolled back more often than the false alarm rate, whatever affects both and whenever the shares change', () => {
    const falseAlarmRate = 0.1;
    const rollouts = 150;
    let rolledBack = 0;
    for (let seed = 0; seed < rollouts; seed++) {
      const random = new Random(seed * 7_919);
      const rates = Array.from({ length: 40 }, (_, t) => (t % 8 === 0 ? 0.7 * random.uniform() ** 3 : 0.01));
      const arm = (requests: number, rate: number) => ({ requests, errors: random.binomial(requests, rate) });
      const minutes = rates.map((rate, t) => {
        const requests = random.poisson(t < 20 ? 30 : 150);
        return { t, canary: arm(requests, rate), stable: arm(300 - requests, rate) };
      });
      const steps = [
        { at: 0, percent: 10 },
        { at: 20, percent: 50 },
      ];
      const settings = { warmUp: 3, metricDelay: 0, falseAlarmRate };
      if (judge({ period: 60, steps, minutes, settings }).verdict === 'rollback') rolledBack++;
    }
    expect(rolledBack / rollouts).toBeLessThanOrEqual(falseAlarmRate);
  });
});
