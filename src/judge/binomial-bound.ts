import type { Pair } from './tally.ts';

/**
 * ln of a bound on the mean of ratio^x, where x is how many of a period's bad requests fell to the canary and both arms are
 * equally good:
 *
 *     ln E[ratio^x] <= K ln(1 - rho + rho ratio),   K = x_c + x_s,   rho = n_c / (n_c + n_s) as observed
 *
 * Given K, x is hypergeometric; its mean of a convex function is at most the binomial's (Hoeffding 1963). Close while few of the
 * requests are bad, and too large by far when half of them are, as half of all requests are above the median latency.
 */
export function binomialBound({ canary, stable }: Pair, ratio: number): number {
  const share = canary.of / (canary.of + stable.of);
  return (canary.bad + stable.bad) * Math.log1p(share * (ratio - 1));
}
