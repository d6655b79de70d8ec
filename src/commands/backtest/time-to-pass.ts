import { GOOD_ENOUGH, logGoodness, tolerableRate } from '../../judge/goodness.ts';

export interface ServiceTraffic {
  /** To the whole service in a period. */
  readonly requests: number;
  /** Share of them that fails. */
  readonly errorRate: number;
}

export interface StepTerms {
  /** Share of the requests that the canary gets. */
  readonly share: number;
  readonly errorTolerance: number;
  readonly warmUp: number;
}

/** More than that is as good as never. */
const NEVER = 100_000;

/** After about how many periods a step with a canary as good as stable passes, the warm-up among them; null: never. */
export function periodsToPass(
  { requests, errorRate }: ServiceTraffic,
  { share, errorTolerance, warmUp }: StepTerms,
): number | null {
  const tolerable = tolerableRate(errorTolerance, { bad: errorRate, of: 1 });
  const passes = (periods: number): boolean => {
    const of = periods * requests * share;
    return logGoodness({ bad: of * errorRate, of }, tolerable) >= Math.log(GOOD_ENOUGH);
  };
  // Evidence once enough goes on growing: the logarithm is convex in the number of requests.
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
