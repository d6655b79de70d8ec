import { describe, expect, test } from '@jest/globals';
import {
  hookTimeoutMinutes,
  isWantedStep,
  ecsStepsFor,
  stepsProblem,
} from '../../../../src/core/plan/ecs-steps.ts';

describe('the ECS strategy that pauses at every step of the plan', () => {
  test.each([
    [[100], { strategy: 'LINEAR', stepPercent: 100 }],
    [[50, 100], { strategy: 'LINEAR', stepPercent: 50 }],
    [[10, 30, 60, 90, 100], { strategy: 'LINEAR', stepPercent: 10 }],
    [[25, 50, 100], { strategy: 'LINEAR', stepPercent: 25 }],
    [[12.5, 25, 50, 100], { strategy: 'LINEAR', stepPercent: 12.5 }],
    // 33 does not divide 100: the last step of ECS is the rest.
    [[33, 66, 100], { strategy: 'LINEAR', stepPercent: 33 }],
    [[0.5, 100], { strategy: 'CANARY', canaryPercent: 0.5 }],
    [[7, 100], { strategy: 'CANARY', canaryPercent: 7 }],
  ] as const)('%j', (steps, ecsSteps) => {
    expect(ecsStepsFor(steps)).toEqual(ecsSteps);
    expect(stepsProblem(steps)).toBeNull();
  });

  test('steps without a common divisor of 3% are refused, and similar valid steps are suggested', () => {
    expect(ecsStepsFor([1, 5, 25, 100])).toBeNull();
    expect(stepsProblem([1, 5, 25, 100])?.instead).toEqual([5, 25, 100]);
  });
});

test('ECS waits longer than the step may last, in whole minutes', () => {
  expect(hookTimeoutMinutes(30_000)).toBe(1);
  expect(hookTimeoutMinutes(31_000)).toBe(2);
  expect(hookTimeoutMinutes(30 * 60_000)).toBe(31);
});

test('rounding errors in tenths do not change the step', () => {
  expect(isWantedStep([12.5, 37.5, 100], 12.5 * 3)).toBe(true);
  expect(isWantedStep([10, 30, 100], 20)).toBe(false);
});
