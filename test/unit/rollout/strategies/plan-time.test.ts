import { expect, test } from '@jest/globals';
import { planTime } from '../../../../src/rollout/strategies/strategies.ts';
import { HOUR, MINUTE } from '../../../../src/core/time/clock.ts';
import { rolloutRequest } from '../../../support/rollout-request.ts';

const minutes = (different: Parameters<typeof rolloutRequest>[0]) => {
  const { least, longest } = planTime(rolloutRequest(different));
  return [least / MINUTE, longest / MINUTE];
};

test('the defaults take 25 minutes to 2 h 50', () => {
  expect(minutes({})).toEqual([5 + 3 * 5 + 5, 30 + 10 + 4 * 30 + 10]);
});

test('the first step lasts until something was judged, however short the bakes are', () => {
  expect(minutes({ bakeTime: MINUTE, steps: [50, 100], keepOld: 0 })).toEqual([5, 30 + 10 + 30]);
  expect(
    minutes({
      bakeTime: MINUTE,
      steps: [50, 100],
      keepOld: 0,
      stepTimeout: 2 * MINUTE,
      onInconclusive: 'continue',
    })[0],
  ).toBe(2);
});

test('all at once has no step to wait at, and whoever does not wait for others saves that', () => {
  expect(minutes({ steps: [100], onConflict: 'fail' })).toEqual([5, 10 + 10]);
});

test('gates may lengthen the step that they are at, and the time before the first', () => {
  const approval = { kind: 'approval', percent: 50, within: 2 * HOUR } as const;
  const webhook = { kind: 'webhook', percent: 0, within: 20 * MINUTE, url: 'https://x.example' } as const;
  const short = { ...approval, within: 5 * MINUTE };
  expect(minutes({ steps: [50, 100], gates: [approval, webhook] })).toEqual([10, 30 + 10 + 20 + 120 + 10]);
  expect(minutes({ steps: [50, 100], gates: [short] })).toEqual([10, 30 + 10 + 30 + 10]);
});
