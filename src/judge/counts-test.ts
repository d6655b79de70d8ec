import { eProcess, type Trace } from './e-process.ts';
import type { Restarts } from './restarts.ts';
import type { Pair } from './tally.ts';

/** Odds ratios looked for, with their weights: from twice as many bad requests to nothing but bad ones. */
const ODDS_RATIOS = [
  { ratio: 2, weight: 0.35 },
  { ratio: 3, weight: 0.25 },
  { ratio: 5, weight: 0.18 },
  { ratio: 12, weight: 0.12 },
  { ratio: 60, weight: 0.07 },
  { ratio: 500, weight: 0.03 },
] as const;

/** No single period decides: the most it may multiply the evidence by, but in a catastrophe. */
export const CAP = 30;

export interface CountsTestOptions {
  /** The most that one period may multiply the evidence by: CAP, or Infinity for no limit. */
  readonly cap: number;
  /** Variance to mean of the bad requests: 1 when they come independently, more when they come in clumps. */
  readonly dispersion: number;
  readonly restarts: Restarts;
}

/**
 * Is a request to the canary likelier to be bad than one to stable in the same period?
 *
 *     l_t(psi) = min( [ x_c ln psi - (x_c + x_s) ln(1 - rho + rho psi) ] / phi , ln cap ),   rho = n_c / (n_c + n_s) as observed
 *
 * Of x_c + x_s bad requests, those of the canary are hypergeometric when both arms are equally good, whatever the rate of bad
 * requests does from period to period; Hoeffding's bound (1963) by the binomial makes exp(l_t) a factor of mean at most 1, and
 * dividing by phi keeps that (Jensen). As a sequential test: Lindon & Malek 2022; Lindon, Sanden & Shirikian 2022.
 * A period without requests to one of the arms has rho 0 or 1 and adds nothing.
 */
export function countsTest(pairs: readonly Pair[], { cap, dispersion, restarts }: CountsTestOptions): Trace {
  const logCap = Math.log(cap);
  const alternatives = ODDS_RATIOS.map(({ ratio, weight }) => {
    const logRatio = Math.log(ratio);
    const logFactor = ({ canary, stable }: Pair): number => {
      const requests = canary.of + stable.of;
      if (requests === 0) return 0;
      const share = canary.of / requests;
      const gain = canary.bad * logRatio - (canary.bad + stable.bad) * Math.log1p(share * (ratio - 1));
      return Math.min(gain / dispersion, logCap);
    };
    return { weight, logFactor };
  });
  return eProcess(pairs, alternatives, restarts);
}
