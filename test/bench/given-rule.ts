import type { OddsRatio } from '../../src/judge/counts-test.ts';
import type { Prior } from '../../src/judge/restarts.ts';

/**
 * The judge's first rule, for comparison: always the binomial bound, other odds, and a prior with
 * less weight at the start.
 */
export const GIVEN_ODDS_RATIOS: readonly OddsRatio[] = [
  { ratio: 2, weight: 0.35 },
  { ratio: 3, weight: 0.25 },
  { ratio: 5, weight: 0.18 },
  { ratio: 12, weight: 0.12 },
  { ratio: 60, weight: 0.07 },
  { ratio: 500, weight: 0.03 },
];

export const GIVEN_PRIOR: Prior = {
  of: (k) => (k === 0 ? 0.5 : 0.5 / (k * (k + 1))),
  from: (k) => (k === 0 ? 1 : 0.5 / k),
};
