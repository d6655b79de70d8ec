import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { judge } from '../../../../src/judge/judge.ts';
import type { Recording } from '../../../../src/judge/recording.ts';
import { verdictsSoFar } from '../../../../src/commands/backtest/so-far.ts';

const counts = fc.option(
  fc.record(
    {
      requests: fc.constantFrom(0, 5, 300, 2_000),
      errors: fc.constantFrom(0, 0, 0, 1, 3, 40),
      slow: fc.constantFrom([100, 20, 2], [250, 120, 30]),
    },
    { requiredKeys: ['requests'] },
  ),
  { nil: undefined },
);

test('the verdict so far is the judge’s verdict on the recording up to then', () => {
  const recording = fc.record({
    arms: fc.array(fc.record({ canary: counts, stable: counts }), { minLength: 1, maxLength: 14 }),
    secondStep: fc.integer({ min: 1, max: 12 }),
    warmUp: fc.integer({ min: 0, max: 3 }),
    falseAlarmRate: fc.constantFrom(0.01, 0.2),
  });
  fc.assert(
    fc.property(recording, ({ arms, secondStep, warmUp, falseAlarmRate }) => {
      const minutes = arms.map(({ canary, stable }, t) => ({
        t,
        ...(canary && { canary }),
        ...(stable && { stable }),
      }));
      // The kinds of data in a recording determine the weights of the tests: they must exist from
      // the start.
      const whole = { requests: 100, errors: 0, slow: [50, 10, 1] };
      const all = [{ t: 0, canary: whole, stable: whole }, ...minutes.slice(1)];
      const until = (t: number): Recording => ({
        period: 60,
        steps: [
          { at: 0, percent: 10 },
          { at: secondStep, percent: 30 },
        ].filter(({ at }) => at <= t),
        minutes: all.filter((minute) => minute.t <= t),
        settings: { warmUp, falseAlarmRate, metricDelay: 0 },
      });
      const full = until(all.length - 1);
      const then = all.map(({ t }) => judge(until(t)).verdict);
      expect(verdictsSoFar(full, judge(full).evidence)).toEqual(then);
    }),
    { seed: 332_103_373, numRuns: 300 },
  );
});
