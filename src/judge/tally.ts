import type { Counts, Minute } from './recording.ts';

/** `bad` of `of` requests. */
export interface Tally {
  readonly bad: number;
  readonly of: number;
}

/** No requests, or no counts: no evidence in any test. */
export const NOTHING: Tally = { bad: 0, of: 0 };

export const add = (a: Tally, b: Tally): Tally => ({ bad: a.bad + b.bad, of: a.of + b.of });

/** The share that is bad; 0 when there are no requests. */
export const rate = ({ bad, of }: Tally): number => (of === 0 ? 0 : bad / of);

/** The two arms over the same time. */
export interface Tallies {
  readonly canary: Tally;
  readonly stable: Tally;
}

/** The two arms in a period. */
export interface Pair extends Tallies {
  readonly t: number;
}

export const sum = (pairs: readonly Tallies[]): Tallies => pairs.reduce(addTallies, NEITHER);

export const NEITHER: Tallies = { canary: NOTHING, stable: NOTHING };

export const addTallies = (a: Tallies, b: Tallies): Tallies => ({
  canary: add(a.canary, b.canary),
  stable: add(a.stable, b.stable),
});

/** Requests that failed or got no answer. */
export const errorsIn = ({ t, canary, stable }: Minute): Pair => ({
  t,
  canary: tally(canary, canary?.errors),
  stable: tally(stable, stable?.errors),
});

/** Requests slower than the `threshold`-th of the frozen thresholds. */
export const slowIn = ({ t, canary, stable }: Minute, threshold: number): Pair => ({
  t,
  canary: tally(canary, canary?.slow?.[threshold]),
  stable: tally(stable, stable?.slow?.[threshold]),
});

/** Whether the errors of an arm are counted at all. */
export const hasErrors = (minutes: readonly Minute[], arm: 'canary' | 'stable'): boolean =>
  minutes.some((minute) => minute[arm]?.errors !== undefined);

/** Limits a count to the number of requests, which it can exceed for a while when metrics grow. */
function tally(counts: Counts | undefined, bad: number | undefined): Tally {
  if (counts === undefined || bad === undefined) return NOTHING;
  return { bad: Math.min(bad, counts.requests), of: counts.requests };
}
