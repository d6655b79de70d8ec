import { describe, expect, test } from '@jest/globals';
import { judge } from '../../../src/judge/judge.ts';
import { readRecording } from '../../../src/judge/read-recording.ts';
import type { Counts, Recording } from '../../../src/judge/recording.ts';

const asked = { requests: 1_000, errors: 1, slow: [500, 100, 10] };

function recording(canary: Partial<Counts>, stable: Partial<Counts>, minutes = 20): Recording {
  return {
    period: 60,
    steps: [{ at: 0, percent: 10 }],
    minutes: Array.from({ length: minutes }, (_, t) => ({
      t,
      canary: { ...asked, ...canary },
      stable: { ...asked, requests: 9_000, errors: 9, slow: [4_500, 900, 90], ...stable },
    })),
    settings: { metricDelay: 0 },
  };
}

const checkouts = (bad: number, of: number) => ({ custom: { 'failed checkouts': { bad, of } } });

describe('the user’s own counts', () => {
  test('are compared like errors, and the explanation names them with their numbers', () => {
    const { verdict, because } = judge(recording(checkouts(10, 50), checkouts(5, 450)));
    expect(verdict).toBe('rollback');
    expect(because).toMatch(
      /^failed checkouts: \d+ of \d+ \(20%\) on the new revision, \d+ of [\d,]+ \(1\.1%\) on the old one: .*100 is enough to roll back\.$/i,
    );
  });
  test('that fail equally on both revisions are no evidence', () => {
    expect(judge(recording(checkouts(10, 50), checkouts(90, 450))).verdict).toBe('pass');
  });
});

describe('the user’s own limits', () => {
  const over = { readings: { queue: 1.4 } };
  const within = { readings: { queue: 0.4 } };
  test('are evidence when the new revision is over them and the old one is not', () => {
    const { verdict, because } = judge(recording(over, within));
    expect(verdict).toBe('rollback');
    expect(because).toMatch(/^queue was over its limit on the new revision in \d+ of \d+ minutes/i);
  });
  test('are no evidence when the old revision is over them too, or when they are exceeded only sometimes', () => {
    expect(judge(recording(over, over)).verdict).toBe('pass');
    const spike = recording(within, within, 40);
    const minutes = spike.minutes.map((minute) =>
      minute.t === 20 ? { ...minute, canary: { ...minute.canary!, ...over } } : minute,
    );
    expect(judge({ ...spike, minutes }).verdict).toBe('pass');
  });
});

test('a rollout without custom metrics has no custom evidence', () => {
  const { evidence } = judge(recording({}, {}));
  expect(evidence.every((look) => !('custom' in look))).toBe(true);
});

test('a recording with custom metrics is read from its file, and its problems are reported', () => {
  const whole = recording({ ...checkouts(1, 50), readings: { queue: 0.5 } }, checkouts(1, 450), 2);
  expect(readRecording(JSON.parse(JSON.stringify(whole)))).toEqual(whole);
  const wrong = { ...whole, minutes: [{ t: 0, canary: { ...asked, custom: { checkouts: { bad: 1 } } } }] };
  expect(() => readRecording(wrong)).toThrow(/minutes\[0\]\.canary\.custom\.checkouts\.of/);
});
