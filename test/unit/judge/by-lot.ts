import type { Tallies } from '../../../src/judge/tally.ts';

export interface ByLot<Pair extends Tallies> {
  readonly probability: number;
  /** The number of bad requests in the canary. */
  readonly ours: number;
  readonly pair: Pair;
}

/**
 * All possible distributions of a period's bad requests when each is randomly in one of the arms:
 * hypergeometric.
 */
export function byLot<Pair extends Tallies>(pair: Pair): readonly ByLot<Pair>[] {
  const { canary, stable } = pair;
  const bad = canary.bad + stable.bad;
  const least = Math.max(0, bad - stable.of);
  const most = Math.min(bad, canary.of);
  return Array.from({ length: most - least + 1 }, (_, index) => {
    const ours = least + index;
    return {
      probability: Math.exp(
        logChoose(canary.of, ours) + logChoose(stable.of, bad - ours) - logChoose(canary.of + stable.of, bad),
      ),
      ours,
      pair: { ...pair, canary: { bad: ours, of: canary.of }, stable: { bad: bad - ours, of: stable.of } },
    };
  });
}

function logChoose(of: number, chosen: number): number {
  let log = 0;
  for (let i = 1; i <= chosen; i++) log += Math.log((of - chosen + i) / i);
  return log;
}
