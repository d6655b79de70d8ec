import type { Pair } from '../../../src/judge/tally.ts';

const LIMIT = 0.01;

/** More than 1% of the canary's requests are bad; null: there were none. */
export const isOverLimit = ({ canary: { bad, of } }: Pair): boolean | null =>
  of === 0 ? null : bad / of > LIMIT;
