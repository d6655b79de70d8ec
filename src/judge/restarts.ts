import type { Step } from './recording.ts';

/**
 * A fault may start at any time, and evidence from before it weakens the evidence of it. So each
 * test is started repeatedly, and its starts share one unit of belief: `prior`.
 */
export interface Restarts {
  /** Periods at which the test starts: the first is 0, then ascending. */
  readonly times: readonly number[];
  readonly prior: Prior;
}

/** The share of the belief of each start; 1 in total. */
export interface Prior {
  /** Belief in the k-th start, k = 0, 1, 2, ... */
  of(k: number): number;
  /** Belief in all starts from the k-th on. Those in the future keep their share unchanged. */
  from(k: number): number;
}

const AT_ONCE = 0.7;
const LATER = 1 - AT_ONCE;

/**
 * 0.7 for the start at 0 and 0.3/(k(k+1)) for the k-th after it. The sum is 1 for any number of
 * starts, so no horizon is needed.
 */
export const OPEN_ENDED: Prior = {
  of: (k) => (k === 0 ? AT_ONCE : LATER / (k * (k + 1))),
  from: (k) => (k === 0 ? 1 : LATER / k),
};

const EVERY = 5;

/** At 0, at every fifth period and at the start of each step, up to the period `last`. */
export function restartsUpTo(last: number, steps: readonly Step[]): Restarts {
  const times = new Set([0, ...steps.map((step) => step.at).filter((at) => at > 0 && at <= last)]);
  for (let t = EVERY; t <= last; t += EVERY) times.add(t);
  return { times: [...times].sort((a, b) => a - b), prior: OPEN_ENDED };
}
