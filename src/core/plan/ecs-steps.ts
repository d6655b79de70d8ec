import { MINUTE, SECOND, type Milliseconds } from '../time/clock.ts';

/** The ECS strategy that pauses at every step of the plan. */
export type EcsSteps =
  | { readonly strategy: 'LINEAR'; readonly stepPercent: number }
  | { readonly strategy: 'CANARY'; readonly canaryPercent: number };

/** The smallest stepPercent of ECS, which allows one decimal. */
const LEAST_STEP = 3;

/** ECS waits this much longer than ecs-ramp, so that ecs-ramp answers first at the deadline. */
const ANSWERING_TIME = 30 * SECOND;

/**
 * The ECS strategy that passes through all `steps` (percent, ascending, in tenths, the last one
 * 100): LINEAR by their greatest common divisor (pauses between the steps of the plan are answered
 * at once), or CANARY for two steps that LINEAR reaches only through extra pauses. `null` when ECS
 * has no such strategy.
 */
export function ecsStepsFor(steps: readonly number[]): EcsSteps | null {
  const inner = steps.slice(0, -1);
  const first = inner[0];
  if (first === undefined) return { strategy: 'LINEAR', stepPercent: 100 };
  if (inner.length === 1 && first !== 50) return { strategy: 'CANARY', canaryPercent: first };
  const through100 = commonStep(steps);
  const stepPercent = through100 >= LEAST_STEP ? through100 : commonStep(inner);
  return stepPercent >= LEAST_STEP ? { strategy: 'LINEAR', stepPercent } : null;
}

/**
 * Why ECS cannot move traffic in these steps, and similar steps that it can use; `null` when it
 * can.
 */
export function stepsProblem(
  steps: readonly number[],
): { readonly why: string; readonly instead: readonly number[] } | null {
  if (ecsStepsFor(steps) !== null) return null;
  const rounded = steps.map((step) => Math.max(5, Math.round(step / 5) * 5));
  return {
    why:
      `ECS moves traffic in equal parts of at least ${LEAST_STEP}%, so the steps before 100 need a common divisor of ` +
      `${LEAST_STEP} or more; the common divisor of these steps is ${commonStep(steps.slice(0, -1))}`,
    instead: [...new Set(rounded)],
  };
}

/**
 * How long ECS waits for an answer before it rolls back by itself, in whole minutes as ECS
 * requires.
 */
export function hookTimeoutMinutes(longestStep: Milliseconds): number {
  return Math.ceil((longestStep + ANSWERING_TIME) / MINUTE);
}

/** Whether `percent` is a step of the plan. If not, ECS only passes through it. */
export function isWantedStep(steps: readonly number[], percent: number): boolean {
  return steps.some((step) => Math.abs(step - percent) < 0.05);
}

/** Greatest common divisor of percentages in tenths. */
function commonStep(percents: readonly number[]): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  return percents.map((percent) => Math.round(percent * 10)).reduce(divisor, 0) / 10;
}
