import type { Pair } from '../../../src/judge/tally.ts';

const LIMIT = 0.01;

/** Whether more than 1% of the canary's requests are bad; `null` without requests. */
export const isOverLimit = ({ canary: { bad, of } }: Pair): boolean | null =>
  of === 0 ? null : bad / of > LIMIT;
