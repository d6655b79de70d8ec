import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { countsTest } from '../../../src/judge/counts-test.ts';
import { judge } from '../../../src/judge/judge.ts';
import type { Counts, Minute, Recording } from '../../../src/judge/recording.ts';
import { OPEN_ENDED } from '../../../src/judge/restarts.ts';

const runs = { seed: 4_147, numRuns: 300 };

/**
 * Counts with any of their members missing, and with errors that may exceed the requests, as in
 * growing metrics.
 */
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

  test('it rolls back exactly when a period had enough evidence, and names the first', () => {
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

  test('without requests to the canary, it neither passes nor rolls back', () => {
    const silent = minutesOf(fc.constantFrom(undefined, { requests: 0 }, { requests: 0, errors: 0 }));
    fc.assert(
      fc.property(recordingOf(silent), (recording) => {
        expect(judge(recording).verdict).toBe('hold');
      }),
      runs,
    );
  });
});

describe('the verdict depends only on the recording', () => {
  test('unfinished periods change nothing: an early evaluation equals the final data of that time', () => {
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

  test('the times and the order of evaluations do not matter', () => {
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

const arm = (size: number, errors: number, slow: number): Counts => ({
  requests: 10 * size,
  errors: errors * size,
  slow: [slow * size, Math.floor(slow / 2) * size, Math.floor(slow / 4) * size],
});

describe('a fault in both arms alike', () => {
  test('never causes a rollback, whatever it is and whenever it starts', () => {
    /** The number of bad requests per ten requests to the canary and ninety to stable. */
    const inTen = fc.nat(10);
    const minute = fc.record({ errors: inTen, slow: inTen, size: fc.integer({ min: 1, max: 60 }) });
    fc.assert(
      fc.property(fc.array(minute, { minLength: 1, maxLength: 60 }), (minutes) => {
        const { verdict, evidence } = judge({
          period: 60,
          steps: [{ at: 0, percent: 10 }],
          minutes: minutes.map(({ errors, slow, size }, t) => ({
            t,
            canary: arm(size, errors, slow),
            stable: arm(9 * size, errors, slow),
          })),
          settings: { warmUp: 0, metricDelay: 0 },
        });
        expect(verdict).not.toBe('rollback');
        expect(Math.max(...evidence.map(({ total }) => total))).toBeLessThanOrEqual(1 + 1e-9);
      }),
      runs,
    );
  });
});

const told = (metrics: readonly string[]): string => metrics.join(' and ') || 'nothing';

const part = (counts: Required<Omit<Counts, 'custom' | 'readings'>>, metrics: readonly string[]): Counts => ({
  requests: counts.requests,
  ...(metrics.includes('errors') && { errors: counts.errors }),
  ...(metrics.includes('slow') && { slow: counts.slow }),
  ...(metrics.includes('percentiles') && { percentiles: counts.percentiles }),
});

describe('every combination of missing metrics', () => {
  const METRICS = ['errors', 'slow', 'percentiles'] as const;
  const subsets = METRICS.reduce<string[][]>(
    (all, metric) => [...all, ...all.map((some) => [...some, metric])],
    [[]],
  );
  const combinations = subsets.flatMap((canary) => subsets.map((stable) => ({ canary, stable })));
  const stable = { requests: 2_700, errors: 3, slow: [1_350, 270, 27], percentiles: [0.1, 0.2, 0.5] };
  const good = { requests: 300, errors: 0, slow: [110, 17, 1], percentiles: [0.1, 0.2, 0.5] };
  const bad = { requests: 300, errors: 150, slow: [300, 300, 150], percentiles: [1, 2, 5] };

  test.each(combinations.map((has) => [told(has.canary), told(has.stable), has] as const))(
    'canary: %s, stable: %s',
    (_canary, _stable, has) => {
      const verdictOf = (canary: Required<Omit<Counts, 'custom' | 'readings'>>) =>
        judge({
          period: 60,
          steps: [{ at: 0, percent: 10 }],
          minutes: Array.from({ length: 20 }, (_, t) => ({
            t,
            canary: part(canary, has.canary),
            stable: part(stable, has.stable),
          })),
          settings: { warmUp: 0, metricDelay: 0 },
        }).verdict;
      const counted = has.canary.includes('errors');
      const compared = (metric: string): boolean =>
        has.canary.includes(metric) && has.stable.includes(metric);
      expect(verdictOf(good)).toBe(counted ? 'pass' : 'hold');
      expect(verdictOf(bad)).toBe(
        counted || compared('slow') || compared('percentiles') ? 'rollback' : 'hold',
      );
    },
  );
});

describe('scaling both arms keeps the direction', () => {
  test('larger counts are more evidence: k times all counts give at least the k-th power', () => {
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
});
