import type { Counts, Minute } from '../../judge/recording.ts';
import type { Served } from './history.ts';
import type { Random } from './random.ts';

export interface SimulatedRollout {
  /** Of the requests, that the pretended canary gets: a fraction. */
  readonly share: number;
  /** Of the canary's requests, that fail besides those that failed anyway: a fraction. */
  readonly fault: number;
}

/**
 * Parts a period's requests by lot: each goes to the canary with the same probability, as a load balancer sends them, and takes
 * its own fate along. So both arms are equally good in truth, whatever the service went through. `t` is the period's in the rollout.
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
 * Of the requests over each limit, how many are the canary's. Who is over a limit is over all lower ones too, so that the requests
 * lie between limits: each lot is drawn of those between two of them.
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
