import { MINUTE, SECOND, type Milliseconds } from '../time/clock.ts';

/** How ECS is asked to shift: the strategy whose pauses fall on every wanted step. */
export type Ladder =
  | { readonly strategy: 'LINEAR'; readonly stepPercent: number }
  | { readonly strategy: 'CANARY'; readonly canaryPercent: number };

/** ECS's least stepPercent; it takes tenths. */
const LEAST_STEP = 3;

/** ECS waits this much longer than we do, so that at the deadline it is we who answer. */
const ANSWERING_TIME = 30 * SECOND;

/**
 * The ladder of ECS that passes through all `steps` (percent, ascending, in tenths, the last one 100): LINEAR by their greatest
 * common divisor (the pauses between wanted steps are answered at once), or CANARY for two steps that LINEAR would reach only
 * by detours. Null: ECS has none.
 */
export function ladderFor(steps: readonly number[]): Ladder | null {
  const inner = steps.slice(0, -1);
  const first = inner[0];
  if (first === undefined) return { strategy: 'LINEAR', stepPercent: 100 };
  if (inner.length === 1 && first !== 50) return { strategy: 'CANARY', canaryPercent: first };
  const through100 = commonStep(steps);
  const stepPercent = through100 >= LEAST_STEP ? through100 : commonStep(inner);
  return stepPercent >= LEAST_STEP ? { strategy: 'LINEAR', stepPercent } : null;
}

/** Why ECS cannot climb a ladder, and one near to it that it can; null: it can. */
export function ladderProblem(
  steps: readonly number[],
): { readonly why: string; readonly instead: readonly number[] } | null {
  if (ladderFor(steps) !== null) return null;
  const rounded = steps.map((step) => Math.max(5, Math.round(step / 5) * 5));
  return {
    why:
      `ECS moves traffic in equal parts of at least ${LEAST_STEP}%, so that the steps before 100 need a common divisor of ` +
      `${LEAST_STEP} or more, and these have ${commonStep(steps.slice(0, -1))}`,
    instead: [...new Set(rounded)],
  };
}

/** How long ECS waits for an answer before it rolls back by itself, in whole minutes as ECS takes them. */
export function hookTimeoutMinutes(longestStep: Milliseconds): number {
  return Math.ceil((longestStep + ANSWERING_TIME) / MINUTE);
}

/** Whether `percent` is a step that the user wants to stay at; if not, ECS only passes through it. */
export function isWantedStep(steps: readonly number[], percent: number): boolean {
  return steps.some((step) => Math.abs(step - percent) < 0.05);
}

/** Greatest common divisor of percentages in tenths. */
function commonStep(percents: readonly number[]): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  return percents.map((percent) => Math.round(percent * 10)).reduce(divisor, 0) / 10;
}
