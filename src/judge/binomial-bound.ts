import type { Pair } from './tally.ts';

/**
 * ln of an upper bound on the mean of ratio^x, where x is the number of a period's bad requests in
 * the canary and both arms are equally good:
 *
 *     ln E[ratio^x] <= K ln(1 - rho + rho ratio),   K = x_c + x_s,   rho = n_c / (n_c + n_s) as observed
 *
 * Given K, x is hypergeometric. The mean of a convex function of it is at most that of the binomial
 * (Hoeffding 1963). The bound is close while few requests are bad, and much too large when half of
 * them are, as for requests above the median latency.
 */
export function binomialBound({ canary, stable }: Pair, ratio: number): number {
  const share = canary.of / (canary.of + stable.of);
  return (canary.bad + stable.bad) * Math.log1p(share * (ratio - 1));
}
