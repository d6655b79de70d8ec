import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Random } from '../../bench/random.ts';
import { countsTest } from '../../../src/judge/counts-test.ts';
import { judge } from '../../../src/judge/judge.ts';
import type { Counts, Minute, Recording } from '../../../src/judge/recording.ts';
import { OPEN_ENDED } from '../../../src/judge/restarts.ts';

const runs = { seed: 4_147, numRuns: 300 };

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

describe('equally good arms', () => {
  test('a factor of the counts test is 1 at most on average, whichever of the bad requests fall to the canary', () => {
    const period = fc.record({
      canary: fc.integer({ min: 1, max: 60 }),
      stable: fc.integer({ min: 1, max: 60 }),
      bad: fc.nat(40),
      cap: fc.constantFrom(30, Infinity),
      dispersion: fc.constantFrom(1, 4),
    });
    fc.assert(
      fc.property(period, ({ canary, stable, bad, cap, dispersion }) => {
        const options = { cap, dispersion, restarts: { times: [0], prior: OPEN_ENDED } };
        const mean = hypergeometric({ canary, stable, bad }).reduce((sum, { probability, ours }) => {
          const pair = { t: 0, canary: { bad: ours, of: canary }, stable: { bad: bad - ours, of: stable } };
          return sum + probability * Math.exp(countsTest([pair], options)[0]?.logE ?? NaN);
        }, 0);
        expect(mean).toBeLessThanOrEqual(1 + 1e-9);
      }),
      { ...runs, examples: [[{ canary: 5, stable: 45, bad: 30, cap: Infinity, dispersion: 1 }]] },
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

/** How many of `bad` requests fall to the canary, by chance. */
function hypergeometric({ canary, stable, bad }: { canary: number; stable: number; bad: number }) {
  const drawn = Math.min(bad, canary + stable);
  return Array.from({ length: drawn + 1 }, (_, ours) => ({
    ours,
    probability: Math.exp(
      logChoose(canary, ours) + logChoose(stable, drawn - ours) - logChoose(canary + stable, drawn),
    ),
  }));
}

function logChoose(of: number, chosen: number): number {
  if (chosen < 0 || chosen > of) return -Infinity;
  let log = 0;
  for (let i = 1; i <= chosen; i++) log += Math.log((of - chosen + i) / i);
  return log;
}
