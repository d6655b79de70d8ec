import { GOOD_ENOUGH, logGoodness, tolerableRate } from './goodness.ts';

export interface ServiceTraffic {
  /** Requests to the whole service per period. */
  readonly requests: number;
  /** The share of requests that fail. */
  readonly errorRate: number;
}

export interface StepTerms {
  /** The canary's share of the requests. */
  readonly share: number;
  readonly errorTolerance: number;
  readonly warmUp: number;
}

/** More periods count as never. */
const NEVER = 100_000;

/**
 * The approximate number of periods, including the warm-up, after which a step passes if the canary
 * is as good as stable; `null` for never.
 */
export function periodsToPass(
  { requests, errorRate }: ServiceTraffic,
  { share, errorTolerance, warmUp }: StepTerms,
): number | null {
  const tolerable = tolerableRate(errorTolerance, { bad: errorRate, of: 1 });
  const passes = (periods: number): boolean => {
    const of = periods * requests * share;
    return logGoodness({ bad: of * errorRate, of }, tolerable) >= Math.log(GOOD_ENOUGH);
  };
  // Once there is enough evidence, it keeps growing: the logarithm is convex in the requests.
  let enough = 1;
  while (!passes(enough)) if ((enough *= 2) > NEVER) return null;
  let tooFew = Math.floor(enough / 2);
  while (enough - tooFew > 1) {
    const middle = Math.floor((enough + tooFew) / 2);
    if (passes(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough + warmUp;
}
