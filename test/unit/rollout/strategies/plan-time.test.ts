import { expect, test } from '@jest/globals';
import { webhookGate } from '../../../support/gates.ts';
import { planTime } from '../../../../src/rollout/strategies/strategies.ts';
import { HOUR, MINUTE } from '../../../../src/core/time/clock.ts';
import { rolloutRequest } from '../../../support/rollout-request.ts';

const minutes = (different: Parameters<typeof rolloutRequest>[0]) => {
  const { least, longest } = planTime(rolloutRequest(different));
  return [least / MINUTE, longest / MINUTE];
};

test('the defaults take 25 minutes to 3 h 20', () => {
  expect(minutes({})).toEqual([5 + 3 * 5 + 5, 30 + 30 + 10 + 4 * 30 + 10]);
});

test('the first step lasts until a period was judged, however short the bake time is', () => {
  expect(minutes({ bakeTime: MINUTE, steps: [50, 100], keepOld: 0 })).toEqual([5, 30 + 30 + 10 + 30]);
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

test('a plan without steps has no step to wait at, and on-conflict: fail has no wait for others', () => {
  expect(minutes({ steps: [100], onConflict: 'fail' })).toEqual([5, 30 + 10 + 10]);
});

test('gates can lengthen their own step and the time before the first step', () => {
  const approval = { kind: 'approval', percent: 50, within: 2 * HOUR } as const;
  const webhook = webhookGate('https://x.example');
  const short = { ...approval, within: 5 * MINUTE };
  expect(minutes({ steps: [50, 100], gates: [approval, webhook] })).toEqual([
    10,
    30 + 30 + 10 + 20 + 120 + 10,
  ]);
  expect(minutes({ steps: [50, 100], gates: [short] })).toEqual([10, 30 + 30 + 10 + 30 + 10]);
});
