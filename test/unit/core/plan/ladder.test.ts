import { describe, expect, test } from '@jest/globals';
import {
  hookTimeoutMinutes,
  isWantedStep,
  ladderFor,
  ladderProblem,
} from '../../../../src/core/plan/ladder.ts';

describe('the ladder of ECS that passes through every wanted step', () => {
  test.each([
    [[100], { strategy: 'LINEAR', stepPercent: 100 }],
    [[50, 100], { strategy: 'LINEAR', stepPercent: 50 }],
    [[10, 30, 60, 90, 100], { strategy: 'LINEAR', stepPercent: 10 }],
    [[25, 50, 100], { strategy: 'LINEAR', stepPercent: 25 }],
    [[12.5, 25, 50, 100], { strategy: 'LINEAR', stepPercent: 12.5 }],
    // 33 does not divide 100: ECS's last step is what remains.
    [[33, 66, 100], { strategy: 'LINEAR', stepPercent: 33 }],
    [[0.5, 100], { strategy: 'CANARY', canaryPercent: 0.5 }],
    [[7, 100], { strategy: 'CANARY', canaryPercent: 7 }],
  ] as const)('%j', (steps, ladder) => {
    expect(ladderFor(steps)).toEqual(ladder);
    expect(ladderProblem(steps)).toBeNull();
  });

  test('steps without a common divisor of 3% are refused with ones that have', () => {
    expect(ladderFor([1, 5, 25, 100])).toBeNull();
    expect(ladderProblem([1, 5, 25, 100])?.instead).toEqual([5, 25, 100]);
  });
});

test('ECS waits longer than the step may last, in whole minutes', () => {
  expect(hookTimeoutMinutes(30_000)).toBe(1);
  expect(hookTimeoutMinutes(31_000)).toBe(2);
  expect(hookTimeoutMinutes(30 * 60_000)).toBe(31);
});

test('tenths that arithmetic blurs are still the wanted step', () => {
  expect(isWantedStep([12.5, 37.5, 100], 12.5 * 3)).toBe(true);
  expect(isWantedStep([10, 30, 100], 20)).toBe(false);
});
