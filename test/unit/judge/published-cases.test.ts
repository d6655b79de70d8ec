import { describe, expect, test } from '@jest/globals';
import { judge } from '../../../src/judge/judge.ts';
import type { Counts, Recording, JudgeSettings } from '../../../src/judge/recording.ts';

/**
 * Recordings of cases that users of other judges have reported as wrong verdicts, with the verdict
 * that they expected. When an issue does not state the traffic, the canary gets 10% of ten requests
 * per second.
 */

const CANARY = 60;
const STABLE = 540;

interface Published {
  readonly canary: readonly (Counts | undefined)[];
  /** In every minute. */
  readonly stable?: Counts;
  readonly settings?: Partial<JudgeSettings>;
}

const NO_ERRORS: Counts = { requests: STABLE, errors: 0 };

function verdictOf({ canary, stable = NO_ERRORS, settings }: Published) {
  const recording: Recording = {
    period: 60,
    steps: [{ at: 0, percent: 10 }],
    minutes: canary.map((ours, t) => ({ t, ...(ours && { canary: ours }), stable })),
    settings: { warmUp: 0, metricDelay: 0, ...settings },
  };
  return judge(recording);
}

const failed = (errors: readonly number[]): Counts[] =>
  errors.map((count) => ({ requests: CANARY, errors: count }));
const times = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item);

describe('errors when there were none before', () => {
  test('kayenta 426: 0 1 2 1 0 0 errors against six zeros is high, though a rank test calls it a pass', () => {
    expect(verdictOf({ canary: failed([0, 1, 2, 1, 0, 0]) }).verdict).toBe('rollback');
  });

  test('kayenta 426, with arms of equal size: four equal coin flips are no proof, but enough not to pass', () => {
    const stable = { requests: CANARY, errors: 0 };
    expect(verdictOf({ canary: failed([0, 1, 2, 1, 0, 0]), stable }).verdict).toBe('hold');
  });

  test('kayenta 377: a canary that always fails is rolled back, although stable never had an error', () => {
    expect(verdictOf({ canary: failed(times(5, 30)) })).toMatchObject({ verdict: 'rollback', minute: 0 });
  });

  const sparse = [1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0];

  test('kayenta 799: one or two errors every fifth minute, and none in stable, fail', () => {
    expect(verdictOf({ canary: failed(sparse) }).verdict).toBe('rollback');
  });

  test('kayenta 799: the same canary without errors passes', () => {
    expect(verdictOf({ canary: failed(sparse.map(() => 0)) }).verdict).toBe('pass');
  });

  test('spinnaker 5622: errors in half of ten minutes, and none in stable, must not pass', () => {
    const perSecond = [0, 0.048, 0, 0.18, 0.089, 0, 0.098, 0.035, 0, 0];
    const errors = perSecond.map((rate) => Math.round(rate * 60));
    expect(verdictOf({ canary: failed(errors) }).verdict).toBe('rollback');
  });

  test('kayenta 674: a single error against none is an infinite ratio, and no reason to fail', () => {
    const verdict = verdictOf({ canary: failed([0, 0, 0, 1, ...times(16, 0)]) });
    expect(verdict.verdict).toBe('pass');
    expect(Math.max(...verdict.evidence.map(({ total }) => total))).toBeLessThan(10);
  });
});

describe('differences that a rank test does not see', () => {
  test('spinnaker 6278: 100 instead of 1 for seven minutes of ten fails, whatever the last three are', () => {
    const canary = [...times(7, 100), ...times(3, 1)].map((errors) => ({ requests: 1_000, errors }));
    const stable = { requests: 1_000, errors: 1 };
    expect(verdictOf({ canary, stable })).toMatchObject({ verdict: 'rollback', minute: 0 });
  });

  test('kayenta 633: 650% more errors than stable fail', () => {
    const stable = { requests: STABLE * 5, errors: 5 };
    const canary = times(10, { requests: CANARY * 5, errors: 4 });
    expect(verdictOf({ canary, stable }).verdict).toBe('rollback');
  });

  test('kayenta 780, case 1: every other minute is ten times as slow, with an unchanged median: fail', () => {
    const usual = { requests: CANARY, errors: 0, slow: [18, 2, 0] };
    const spike = { requests: CANARY, errors: 0, slow: [60, 60, 60] };
    const stable = { requests: STABLE, errors: 0, slow: [270, 54, 5] };
    const canary = Array.from({ length: 15 }, (_, t) => (t % 2 === 0 ? usual : spike));
    expect(verdictOf({ canary, stable }).verdict).toBe('rollback');
  });

  test('kayenta 803: p50 up by 17% and p90 by 18% get the same verdict: within the margin, so no rollback', () => {
    const stable = { requests: STABLE, errors: 0, slow: [270, 54, 5] };
    const canary = times(30, { requests: CANARY, errors: 0, slow: [28, 6, 1] });
    expect(verdictOf({ canary, stable }).verdict).toBe('pass');
  });
});

test('kayenta 780, case 2: a canary that fluctuates only during the warm-up passes', () => {
  const canary = failed([6, 3, 1, ...times(12, 0)]);
  expect(verdictOf({ canary, settings: { warmUp: 3 } }).verdict).toBe('pass');
});

describe('without data', () => {
  test('flagger 1035: a canary without requests is not rolled back; it holds, and on-inconclusive decides', () => {
    expect(verdictOf({ canary: times(30, undefined) }).verdict).toBe('hold');
  });

  test('argo-rollouts 1905: waits while there are no values, and continues when they arrive', () => {
    const silent = times(20, undefined);
    expect(verdictOf({ canary: silent }).verdict).toBe('hold');
    expect(verdictOf({ canary: [...silent, ...failed(times(6, 0))] }).verdict).toBe('pass');
  });

  test('argo-rollouts 4147: five empty answers from CloudWatch are not a success', () => {
    const nothing: Published = { canary: times(5, undefined), stable: { requests: 0 } };
    expect(verdictOf(nothing).verdict).toBe('hold');
    expect(verdictOf({ canary: times(60, { requests: CANARY }) }).verdict).toBe('hold');
  });
});

test('flagger 1801: 18 failed checks while an approval is pending cause a rollback too', () => {
  expect(verdictOf({ canary: failed(times(18, 20)) })).toMatchObject({ verdict: 'rollback', minute: 0 });
});
