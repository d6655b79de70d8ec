import { expect, test } from '@jest/globals';
import { judge } from '../../../src/judge/judge.ts';
import type { Counts, Minute, Recording } from '../../../src/judge/recording.ts';

const alike = { requests: 1_000, errors: 5, slow: [500, 100, 10] };

function recording(later: Partial<Record<'canary' | 'stable', Counts>>): Recording {
  const minutes: Minute[] = Array.from({ length: 30 }, (_, t) => ({
    t,
    ...(t < 10 ? { canary: alike, stable: alike } : later),
  }));
  return { period: 60, steps: [{ at: 0, percent: 50 }], minutes };
}

test.each([
  ['all traffic has gone to the new revision', { canary: alike }],
  ['nobody asks the new revision any more', { stable: alike }],
])('when %s, there is nothing to compare, and the comparisons do not change', (_, later) => {
  const { verdict, evidence } = judge(recording(later));
  expect(verdict).not.toBe('rollback');
  const at = (t: number) => evidence.find((look) => look.t === t)!;
  for (const { t, errors, latency } of evidence.filter(({ t }) => t >= 10)) {
    // New starts of the tests may only reduce the belief in earlier ones.
    expect({ t, more: errors! > at(9).errors! * 1.001 }).toEqual({ t, more: false });
    expect({ t, more: latency! > at(9).latency! * 1.001 }).toEqual({ t, more: false });
  }
});
