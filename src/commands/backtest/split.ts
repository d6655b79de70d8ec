import type { Counts, Minute } from '../../judge/recording.ts';
import type { Served } from './history.ts';
import type { Random } from './random.ts';

export interface SimulatedRollout {
  /** The share of the requests that the simulated canary gets: a fraction. */
  readonly share: number;
  /** The share of the canary's other requests that fail in addition: a fraction. */
  readonly fault: number;
}

/**
 * Splits the requests of a period at random: each goes to the canary with the same probability, and
 * keeps its result. So both arms are equally good, before `fault` is added. `t` is the index of the
 * period in the rollout.
 */
export function split(served: Served, t: number, { share, fault }: SimulatedRollout, random: Random): Minute {
  const { requests, errors, slow } = served;
  const chosen = random.binomial(requests, share);
  const ours = random.hypergeometric(requests, errors, chosen);
  const [overThreshold, overMargin] = slow === null ? [[], []] : splitSlow(slow, requests, chosen, random);
  const injected = random.binomial(chosen - ours, fault);
  const canary: Counts = {
    requests: chosen,
    errors: ours + injected,
    ...(slow && { slow: overMargin }),
  };
  const stable: Counts = {
    requests: requests - chosen,
    errors: errors - ours,
    ...(slow && { slow: overThreshold.map((count, index) => (slow.overThreshold[index] ?? 0) - count) }),
  };
  return { t, ...(chosen > 0 && { canary }), ...(chosen < requests && { stable }) };
}

/**
 * How many of the requests over each limit are the canary's. A request over a limit is also over
 * all lower limits, so this draws from the requests between two neighbouring limits.
 */
function splitSlow(
  { overThreshold, overMargin }: NonNullable<Served['slow']>,
  requests: number,
  chosen: number,
  random: Random,
): readonly [overThreshold: readonly number[], overMargin: readonly number[]] {
  const counts = [...overThreshold, ...overMargin];
  const ours = counts.map(() => 0);
  let over = 0;
  let found = 0;
  for (const index of counts
    .keys()
    .toArray()
    .sort((a, b) => counts[a]! - counts[b]!)) {
    const between = counts[index]! - over;
    found += random.hypergeometric(requests - over, between, chosen - found);
    over += between;
    ours[index] = found;
  }
  return [ours.slice(0, overThreshold.length), ours.slice(overThreshold.length)];
}
