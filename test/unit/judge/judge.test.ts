import { describe, expect, test } from '@jest/globals';
import { judge } from '../../../src/judge/judge.ts';
import type { Counts } from '../../../src/judge/recording.ts';
import { failing, good, invent, nobody, usual } from './invented.ts';

/** The counts of 1,500 requests a minute. */
const arm = (slow: readonly [number, number, number]) => (): Counts => ({
  requests: 1_500,
  errors: 0,
  slow,
});

describe('continues', () => {
  const half = [{ at: 0, percent: 50 }];
  const stable = arm([750, 150, 15]);

  test('after a single period, if it is as good as stable', () => {
    expect(judge(invent({ minutes: 1, steps: half, canary: stable, stable })).verdict).toBe('pass');
  });

  test.each<[string, readonly [number, number, number]]>([
    ['every request is far slower', [1_500, 1_500, 1_500]],
    ['a tail is', [760, 170, 100]],
  ])('never after a single period in which %s, though one may not roll back', (_, slow) => {
    const canary = arm(slow);
    const first = judge(invent({ minutes: 1, steps: half, canary, stable }));
    expect(first.verdict).toBe('hold');
    expect(first.because).toMatch(
      /slower, and the last minute alone is strong evidence of it: another one is needed to decide\.$/,
    );
    expect(judge(invent({ minutes: 3, steps: half, canary, stable })).verdict).toBe('rollback');
  });
});

/** Every second request to the canary fails in minutes 10 and 11. */
const bad = (t: number) => failing(t === 10 || t === 11 ? 300 : 0)();

describe('interrupted minutes', () => {
  const invented = invent({ minutes: 20, canary: bad });
  const because = '1 task of the new revision was taken by a Spot interruption';

  test('are not judged', () => {
    expect(judge(invented).verdict).toBe('rollback');
    const judged = judge({ ...invented, interrupted: [{ from: 10, to: 12, because }] });
    expect(judged.verdict).toBe('pass');
    expect(judged.evidence.map(({ t }) => t)).not.toContain(10);
  });

  test('do not excuse the minutes beside them', () => {
    const judged = judge({ ...invented, interrupted: [{ from: 11, to: 20, because }] });
    expect(judged).toMatchObject({ verdict: 'rollback', minute: 10 });
  });

  test('can be in the warm-up and at the end, where nothing is left to judge', () => {
    const all = judge({ ...invented, interrupted: [{ from: 0, to: 20, because }] });
    expect(all).toMatchObject({ verdict: 'hold', evidence: [] });
  });
});

describe('rolls back', () => {
  test('a canary that fails more than stable, and says by how much', () => {
    const verdict = judge(invent({ minutes: 5, canary: failing(12) }));
    expect(verdict).toMatchObject({ verdict: 'rollback', minute: 1 });
    expect(verdict.because).toBe(
      '24 of 600 requests to the new revision failed (4%), 6 of 5,400 to the old one (0.11%): ' +
        'this is 570 times more likely if the new revision is worse; 100 is enough to roll back.',
    );
  });

  test('a late fault as fast as an early one, counting from its start', () => {
    const late = judge(invent({ minutes: 120, canary: (t) => failing(t < 100 ? 0 : 6)() }));
    expect(late).toMatchObject({ verdict: 'rollback', minute: 103 });
    expect(late.because).toMatch(
      /^In the last 4 minutes, 24 of 1,200 requests to the new revision failed \(2%\)/,
    );
  });

  test('at the start of a step when a fault appears only under more load', () => {
    const fault = { minutes: 30, canary: (t: number) => failing(t < 22 ? 0 : 4)() };
    const steps = [
      { at: 0, percent: 10 },
      { at: 22, percent: 30 },
    ];
    expect(judge(invent({ ...fault, steps })).minute).toBeLessThan(judge(invent(fault)).minute);
  });

  test('permanently: later periods do not revoke enough evidence', () => {
    const verdict = judge(invent({ minutes: 60, canary: (t) => failing(t < 3 ? 12 : 0)() }));
    expect(verdict).toMatchObject({ verdict: 'rollback', minute: 1 });
    expect(verdict.evidence.at(-1)?.total).toBeLessThan(100);
  });

  test('a catastrophe in its first minute, when no smaller fault is enough', () => {
    expect(judge(invent({ minutes: 1, canary: failing(150) })).verdict).toBe('rollback');
    expect(judge(invent({ minutes: 1, canary: failing(29) })).verdict).toBe('hold');
  });

  test('a catastrophe during the warm-up, when nothing else is judged', () => {
    const warmUp = { minutes: 2, settings: { warmUp: 3 } };
    const catastrophe = judge(invent({ ...warmUp, canary: failing(150) }));
    expect(catastrophe).toMatchObject({ verdict: 'rollback', minute: 0 });
    expect(catastrophe.because).toBe(
      '150 of 300 requests to the new revision failed (50%), 3 of 2,700 to the old one (0.11%): ' +
        'this is over a million times more likely if the new revision is worse; 1,000 is enough to roll back during the warm-up.',
    );
    expect(judge(invent({ ...warmUp, canary: failing(25) })).verdict).toBe('hold');
  });

  test('a first deployment by the absolute limit, because there is nothing to compare with', () => {
    const first = { minutes: 3, stable: nobody, steps: [{ at: 0, percent: 100 }] };
    const verdict = judge(invent({ ...first, canary: failing(28) }));
    expect(verdict).toMatchObject({ verdict: 'rollback', minute: 1 });
    expect(verdict.because).toBe(
      '56 of 600 requests to the new revision failed (9.3%); the limit is 5%: ' +
        'this is 2,800 times more likely if the new revision is over the limit; 100 is enough to roll back.',
    );
    expect(verdict.evidence[0]).toMatchObject({ errors: null, latency: null });
    expect(judge(invent({ ...first, minutes: 60, canary: failing(12) })).verdict).not.toBe('rollback');
  });

  test('a fault that starts at 100%, when stable gets no requests', () => {
    const recording = invent({
      minutes: 90,
      canary: (t) => failing(t < 80 ? 0 : 45)(),
      stable: (t) => (t < 60 ? usual() : undefined),
      steps: [
        { at: 0, percent: 10 },
        { at: 60, percent: 100 },
      ],
    });
    expect(judge(recording)).toMatchObject({ verdict: 'rollback', minute: 80 });
  });

  test('not for faults that affect both arms equally, even far over the limit', () => {
    const recording = invent({
      minutes: 30,
      canary: (t) => failing(t < 10 || t > 16 ? 0 : 90)(),
      stable: (t) => ({ requests: 2_700, errors: t < 10 || t > 16 ? 3 : 810 }),
    });
    expect(Math.max(...judge(recording).evidence.map(({ total }) => total))).toBeLessThan(10);
  });
});

describe('latency', () => {
  const slow: Counts = { requests: 300, errors: 0, slow: [150, 114, 3] };

  test('too many requests over one threshold cause a rollback that names the threshold', () => {
    const recording = {
      ...invent({ minutes: 5, canary: () => slow, stable: usual }),
      thresholds: [0.1, 0.18, 0.4],
    };
    const verdict = judge(recording);
    expect(verdict).toMatchObject({ verdict: 'rollback', minute: 2 });
    expect(verdict.because).toMatch(
      /^38% of 900 requests to the new revision took longer than 216 ms, 10% of those to the old one longer than 180 ms: .* if the new revision is slower; 100 is enough to roll back\.$/,
    );
  });

  test('without thresholds in seconds, the explanation names the percentile', () => {
    expect(judge(invent({ minutes: 5, canary: () => slow, stable: usual })).because).toMatch(
      /took longer than 1\.2 times the usual p90, 10% of those to the old one longer than the usual p90/,
    );
  });

  test('percentiles are the fallback and need at least eleven minutes', () => {
    const verdict = judge(
      invent({
        minutes: 20,
        canary: () => ({ ...good(), percentiles: [0.11, 0.3, 0.41] }),
        stable: () => ({ ...usual(), percentiles: [0.1, 0.18, 0.4] }),
      }),
    );
    expect(verdict).toMatchObject({ verdict: 'rollback', minute: 12 });
    expect(verdict.because).toMatch(
      /^The new revision's p90 was over 1\.2 times the old one's in 13 of 13 minutes, at the end 300 ms against 180 ms:/,
    );
  });

  test('is judged even when errors are not counted, but then nothing passes', () => {
    const uncounted = { minutes: 5, stable: () => ({ requests: 2_700, slow: [1_350, 270, 27] }) };
    const slow = judge(invent({ ...uncounted, canary: () => ({ requests: 300, slow: [150, 114, 3] }) }));
    expect(slow.verdict).toBe('rollback');
    const fast = judge(invent({ ...uncounted, canary: () => ({ requests: 300, slow: [150, 30, 3] }) }));
    expect(fast.verdict).toBe('hold');
    expect(fast.because).toBe(
      'The errors of the new revision are not counted: a step cannot pass without them.',
    );
  });
});

describe('passes', () => {
  test('a canary with enough requests and few enough errors', () => {
    const verdict = judge(invent({ minutes: 3, canary: (t) => failing(t === 1 ? 1 : 0)() }));
    expect(verdict).toMatchObject({ verdict: 'pass', minute: 2 });
    expect(verdict.because).toBe(
      '1 of 900 requests to the new revision failed (0.11%), 9 of 8,100 to the old one (0.11%): ' +
        'this is 150 times more likely if less than 1% fail than if more do; 20 is enough to continue.',
    );
  });

  test('each step separately: earlier evidence does not count, and a step without a finished minute holds', () => {
    const steps = [
      { at: 0, percent: 10 },
      { at: 10, percent: 30 },
    ];
    const young = judge(invent({ minutes: 10, steps }));
    expect(young.because).toMatch(/^No finished minute at 30% yet\./);
    const begun = judge(invent({ minutes: 11, steps }));
    expect(begun.verdict).toBe('hold');
    expect(begun.because).toMatch(/^No errors in 300 requests to the new revision; about 54 more/);
    expect(judge(invent({ minutes: 12, steps })).verdict).toBe('pass');
  });

  test('a step that started within a minute, counting from the next minute', () => {
    const steps = [
      { at: 0, percent: 10 },
      { at: 9.2, percent: 30 },
    ];
    expect(judge(invent({ minutes: 11, steps })).verdict).toBe('hold');
    expect(judge(invent({ minutes: 12, steps })).verdict).toBe('pass');
  });

  test('a canary that fails as often as stable, above the tolerance', () => {
    const recording = invent({
      minutes: 4,
      canary: failing(6),
      stable: () => ({ requests: 2_700, errors: 54 }),
    });
    expect(judge(recording).verdict).toBe('pass');
  });
});

describe('holds', () => {
  test('before there is a finished minute', () => {
    expect(judge(invent({ minutes: 0 }))).toEqual({
      verdict: 'hold',
      minute: -1,
      because: 'No finished minute of requests to the new revision yet.',
      evidence: [],
    });
  });

  test('during the warm-up', () => {
    const verdict = judge(invent({ minutes: 2, settings: { warmUp: 3 } }));
    expect(verdict).toMatchObject({ verdict: 'hold', minute: 1 });
    expect(verdict.because).toBe(
      'The first 3 minutes are the warm-up, shown but not judged; ' +
        'so far none of 600 requests to the new revision failed, 6 of 5,400 to the old one (0.11%).',
    );
    expect(verdict.evidence.map(({ judged }) => judged)).toEqual([false, false]);
  });

  test('while the canary gets no requests, even after enough evidence', () => {
    const verdict = judge(invent({ minutes: 14, canary: (t) => (t < 10 ? good() : undefined) }));
    expect(verdict.verdict).toBe('hold');
    expect(verdict.because).toBe(
      'No requests to the new revision for 4 minutes, 10,800 to the old one: there is nothing to judge.',
    );
  });

  test('with too few requests, and reports how many are missing', () => {
    const verdict = judge(invent({ minutes: 4, canary: () => ({ requests: 30, errors: 0 }) }));
    expect(verdict.verdict).toBe('hold');
    expect(verdict.because).toMatch(
      /^No errors in 120 requests to the new revision; about 230 more without an error are needed to pass\./,
    );
  });

  test('on suspicious evidence, however much evidence is for the canary', () => {
    const verdict = judge(invent({ minutes: 3, canary: failing(2), settings: { errorTolerance: 0.05 } }));
    expect(verdict.evidence.at(-1)?.good).toBeGreaterThan(20);
    expect(verdict.verdict).toBe('hold');
    expect(verdict.because).toBe(
      '6 of 900 requests to the new revision failed (0.67%), 9 of 8,100 to the old one (0.11%): ' +
        'this is 30 times more likely if the new revision is worse; less than 10 is needed to continue, 100 to roll back.',
    );
  });
});

describe('remarks', () => {
  test('that the canary gets another share than configured', () => {
    expect(judge(invent({ minutes: 3, steps: [{ at: 0, percent: 30 }] })).because).toMatch(
      / Recently the new revision got 10% of the requests, not the 30% of this step\.$/,
    );
    expect(judge(invent({ minutes: 3, steps: [{ at: 0, percent: 11 }] })).because).not.toMatch(/Lately/);
  });

  test('that errors come in clusters and count less', () => {
    const clumped = judge(invent({ minutes: 3, canary: failing(6), settings: { dispersion: 5 } }));
    expect(clumped.verdict).not.toBe('rollback');
    expect(clumped.because).toMatch(
      / With sticky sessions errors come in clusters, so each error counts 5 times less\.$/,
    );
  });
});

test('the newest periods are not judged while their metrics may grow', () => {
  const recording = invent({ minutes: 10, canary: (t) => failing(t < 8 ? 0 : 200)() });
  const lagging = { ...recording, settings: { ...recording.settings, metricDelay: 2 } };
  expect(judge(lagging)).toMatchObject({ verdict: 'pass', minute: 7 });
});

test('a rollback uses the configured false alarm rate', () => {
  const [often, seldom] = [0.05, 0.0001].map((falseAlarmRate) =>
    judge(invent({ minutes: 20, canary: failing(6), settings: { falseAlarmRate } })),
  );
  expect(often?.minute).toBeLessThan(seldom?.minute ?? NaN);
  expect(seldom?.because).toMatch(/10,000 is enough to roll back/);
});
