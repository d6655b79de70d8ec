import type { Step } from './recording.ts';

/**
 * A fault may begin at any time, and evidence from before it only dilutes the evidence of it. So each test is started afresh
 * again and again, and its starts share one unit of belief: `prior`.
 */
export interface Restarts {
  /** Periods at which the test starts: the first is 0, then ascending. */
  readonly times: readonly number[];
  readonly prior: Prior;
}

/** How much of the belief each start has; altogether 1. */
export interface Prior {
  /** Belief in the k-th start, k = 0, 1, 2, ... */
  of(k: number): number;
  /** Belief in all the starts from the k-th on: those still to come, of which nothing is known, keep theirs unchanged. */
  from(k: number): number;
}

const AT_ONCE = 0.7;
const LATER = 1 - AT_ONCE;

/** .7 for the start at 0 and .3/(k(k+1)) for the k-th after it: sums to 1 however many there will be, so no horizon is needed. */
export const OPEN_ENDED: Prior = {
  of: (k) => (k === 0 ? AT_ONCE : LATER / (k * (k + 1))),
  from: (k) => (k === 0 ? 1 : LATER / k),
};

const EVERY = 5;

/** At 0, at every 5th period and at each beginning of a step, up to the period `last`. */
export function restartsUpTo(last: number, steps: readonly Step[]): Restarts {
  const times = new Set([0, ...steps.map((step) => step.at).filter((at) => at > 0 && at <= last)]);
  for (let t = EVERY; t <= last; t += EVERY) times.add(t);
  return { times: [...times].sort((a, b) => a - b), prior: OPEN_ENDED };
}
