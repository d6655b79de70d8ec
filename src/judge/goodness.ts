import { logMean } from './logarithm.ts';
import { rate, type Tally } from './tally.ts';

/** The evidence that a canary needs to get more traffic. */
export const GOOD_ENOUGH = 20;

/** Keeps the formula finite when everything fails in both arms. */
const HIGHEST_RATE = 0.95;

const FRACTIONS = [0, 0.1, 0.25, 0.5];

/**
 * Evidence against "the canary's error rate is p or more": Wald's likelihood ratio for the rates f
 * p.
 *
 *     G = mean over f in {0, .1, .25, .5} of  prod f^x ((1 - f p)/(1 - p))^(n - x)
 *
 * Returns ln G.
 */
export function logGoodness({ bad, of }: Tally, tolerable: number): number {
  return logMean(
    FRACTIONS.map(
      (fraction) =>
        (bad === 0 ? 0 : bad * Math.log(fraction)) +
        (of - bad) * Math.log((1 - fraction * tolerable) / (1 - tolerable)),
    ),
  );
}

/**
 * The error rate that the canary must be shown to stay below: the tolerance, or twice the rate of
 * stable if that is more.
 */
export const tolerableRate = (errorTolerance: number, stable: Tally): number =>
  Math.min(Math.max(errorTolerance, 2 * rate(stable)), HIGHEST_RATE);

/**
 * How many more requests without an error would make the canary good enough; 0 when it already is.
 */
export function requestsMissing(canary: Tally, tolerable: number): number {
  const suffice = (more: number) =>
    logGoodness({ bad: canary.bad, of: canary.of + more }, tolerable) >= Math.log(GOOD_ENOUGH);
  if (suffice(0)) return 0;
  let enough = 1;
  while (!suffice(enough)) enough *= 2;
  let tooFew = Math.floor(enough / 2);
  while (enough - tooFew > 1) {
    const middle = Math.floor((enough + tooFew) / 2);
    if (suffice(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}
