import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Random } from '../../bench/random.ts';
import { CAP, countsTest, type CountsTestOptions } from '../../../src/judge/counts-test.ts';
import { judge } from '../../../src/judge/judge.ts';
import type { Counts, Minute, Recording } from '../../../src/judge/recording.ts';
import { OPEN_ENDED, restartsUpTo } from '../../../src/judge/restarts.ts';
import type { Pair } from '../../../src/judge/tally.ts';
import { byLot } from './by-lot.ts';

const runs = { seed: 4_147, numRuns: 300 };
const few = { seed: 4_147, numRuns: 80 };

/** Counts with any of their members missing, and errors that may even be more than the requests, as growing metrics are. */
const anyCounts: fc.Arbitrary<Counts> = fc.record(
  {
    requests: fc.integer({ min: 0, max: 3_000 }),
    errors: fc.integer({ min: 0, max: 400 }),
    slow: fc.array(fc.nat(300), { minLength: 3, maxLength: 3 }),
    percentiles: fc.array(fc.double({ min: 0.001, max: 9, noNaN: true }), { minLength: 3, maxLength: 3 }),
  },
  { requiredKeys: ['requests'] },
);

const minutesOf = (canary: fc.Arbitrary<Counts | undefined>): fc.Arbitrary<Minute[]> =>
  fc
    .uniqueArray(fc.record({ t: fc.nat(60), canary, stable: fc.option(anyCounts, { nil: undefined }) }), {
      maxLength: 40,
      selector: ({ t }) => t,
    })
    .map((minutes) =>
      minutes
        .toSorted((a, b) => a.t - b.t)
        .map(({ t, canary, stable }) => ({ t, ...(canary && { canary }), ...(stable && { stable }) })),
    );

const recordingOf = (minutes: fc.Arbitrary<Minute[]>): fc.Arbitrary<Recording> =>
  fc.record({
    period: fc.constantFrom(10, 60),
    steps: fc.constantFrom(
      [{ at: 0, percent: 10 }],
      [
        { at: 0, percent: 10 },
        { at: 7.5, percent: 50 },
        { at: 20, percent: 100 },
      ],
    ),
    minutes,
    settings: fc.record({ warmUp: fc.nat(5), metricDelay: fc.nat(3), dispersion: fc.constantFrom(1, 3.5) }),
  });

const anyRecording = recordingOf(minutesOf(fc.option(anyCounts, { nil: undefined })));

describe('whatever is missing from a recording', () => {
  test('the judge answers, in numbers that JSON can hold', () => {
    fc.assert(
      fc.property(anyRecording, (recording) => {
        const verdict = judge(recording);
        expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
        expect(verdict.because).toMatch(/^[A-Z0-9].*\.$/);
        expect(verdict.because).not.toMatch(/NaN|undefined|null|Infinity/);
      }),
      runs,
    );
  });

  test('it rolls back exactly when some look had enough evidence, and names the first', () => {
    fc.assert(
      fc.property(anyRecording, (recording) => {
        const { verdict, minute, evidence } = judge(recording);
        const enough = evidence.find(({ total }) => total >= 100);
        expect(verdict === 'rollback').toBe(enough !== undefined);
        if (enough) expect(minute).toBe(enough.t);
      }),
      runs,
    );
  });

  test('without requests to the canary it neither passes nor rolls back', () => {
    const silent = minutesOf(fc.constantFrom(undefined, { requests: 0 }, { requests: 0, errors: 0 }));
    fc.assert(
      fc.property(recordingOf(silent), (recording) => {
        expect(judge(recording).verdict).toBe('hold');
      }),
      runs,
    );
  });
});

describe('the verdict belongs to the recording alone', () => {
  test('what is not finished yet changes nothing: a lagging look sees what the final data say of that time', () => {
    fc.assert(
      fc.property(anyRecording, fc.nat(10), (recording, metricDelay) => {
        const newest = recording.minutes.at(-1)?.t ?? 0;
        const lagging = judge({ ...recording, settings: { ...recording.settings, metricDelay } });
        const final = judge({
          ...recording,
          minutes: recording.minutes.filter(({ t }) => t <= newest - metricDelay),
          settings: { ...recording.settings, metricDelay: 0 },
        });
        expect(lagging).toEqual(final);
      }),
      runs,
    );
  });

  test('looking earlier, later, often or in any order does not matter', () => {
    const errorsEverywhere = fc.array(
      fc.tuple(fc.nat(40), fc.nat(40)).map(([ours, theirs]) => ({
        canary: { requests: 300, errors: ours },
        stable: { requests: 2_700, errors: theirs },
      })),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(errorsEverywhere, fc.nat(29), (arms, cut) => {
        const all: Recording = {
          period: 60,
          steps: [{ at: 0, percent: 10 }],
          minutes: arms.map((arm, t) => ({ t, ...arm })),
          settings: { warmUp: 2, metricDelay: 0 },
        };
        const late = judge(all);
        const early = judge({ ...all, minutes: all.minutes.slice(0, cut + 1) });
        expect(late.evidence.slice(0, cut + 1)).toEqual(early.evidence);
        if (early.verdict === 'rollback')
          expect(late).toMatchObject({ verdict: 'rollback', minute: early.minute });
        expect(judge(all)).toEqual(late);
      }),
      runs,
    );
  });
});

/** Counts of a period in two arms; the canary's share of the requests is anything from 3% to 90%. */
const pairOf = (bad: fc.Arbitrary<number>): fc.Arbitrary<Pair> =>
  fc
    .record({
      of: fc.integer({ min: 40, max: 400 }),
      share: fc.double({ min: 0.03, max: 0.9, noNaN: true }),
      bad,
    })
    .map(({ of, share, bad: K }) => {
      const canary = Math.max(1, Math.round(of * share));
      const ours = Math.min(canary, Math.floor(K / 2));
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
  test('the evidence of a period is 1 on average, exactly, whichever of the bad requests fall to the canary', () => {
    fc.assert(
      fc.property(pairOf(fc.nat(200)), (pair) => {
        expect(meanOver(pair, (outcome) => evidenceOf([outcome], {}))).toBeCloseTo(1, 9);
      }),
      few,
    );
  });

  test('and at most 1 with the cap, with clumps and with the binomial bound', () => {
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

  test('the evidence that counts never grows on average, and nothing of it is wasted where few requests are bad', () => {
    const enough = 40;
    const option = { cap: 30, enough };
    const history = fc.array(pairOf(fc.nat(6)), { maxLength: 8 });
    fc.assert(
      fc.property(history, pairOf(fc.integer({ min: 1, max: 4 })), (before, pair) => {
        const now = evidenceOf(before, option);
        fc.pre(now < enough);
        const then = meanOver(pair, (outcome) => Math.min(evidenceOf([...before, outcome], option), enough));
        expect(then / now).toBeLessThanOrEqual(1 + 1e-9);
        if (pair.canary.bad + pair.stable.bad <= 2) expect(then / now).toBeCloseTo(1, 9);
      }),
      few,
    );
  });

  test('are found guilty no oftener than promised, at every traffic and share', () => {
    const enough = 10;
    const rollouts = 150;
    for (const requests of [30, 300, 3_000]) {
      for (const share of [0.03, 0.1, 0.5, 0.9]) {
        const guilty = Array.from({ length: rollouts }, (_, run) => {
          const random = new Random(run * 7_919 + requests + share * 100);
          const tally = (of: number) => ({ of, bad: random.binomial(of, 0.004) });
          const pairs = Array.from({ length: 40 }, (__, t) => {
            const canary = tally(random.poisson(requests * share));
            return { t, canary, stable: tally(random.poisson(requests * (1 - share))) };
          });
          const restarts = restartsUpTo(40, []);
          const trace = countsTest(pairs, { cap: CAP, dispersion: 1, restarts, enough });
          return trace.some(({ logE }) => logE >= Math.log(enough));
        }).filter(Boolean).length;
        expect(guilty / rollouts).toBeLessThanOrEqual(1 / enough);
      }
    }
  });

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

  test('are rolled back no oftener than the false alarm rate, whatever hits both and whenever the shares change', () => {
    const falseAlarmRate = 0.1;
    const rollouts = 400;
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

test('more of the same is more evidence: k times all counts give at least the k-th power', () => {
  const pair = fc.record({ ours: fc.nat(5), theirs: fc.nat(5), canary: fc.integer({ min: 5, max: 50 }) });
  fc.assert(
    fc.property(
      fc.array(pair, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 2, max: 9 }),
      (pairs, k) => {
        const evidence = (times: number) =>
          countsTest(
            pairs.map(({ ours, theirs, canary }, t) => ({
              t,
              canary: { bad: ours * times, of: canary * times },
              stable: { bad: theirs * times, of: 90 * times },
            })),
            { cap: Infinity, dispersion: 1, restarts: { times: [0, 5, 10], prior: OPEN_ENDED } },
          ).at(-1)?.logE ?? NaN;
        expect(evidence(k)).toBeGreaterThanOrEqual(k * evidence(1) - 1e-9);
      },
    ),
    runs,
  );
});
