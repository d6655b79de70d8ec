import { binomialBound } from './binomial-bound.ts';
import { eProcess, type EProcessOutcome, type EvidenceTrace } from './e-process.ts';
import { chances, exactMeans } from './hypergeometric.ts';
import type { Restarts } from './restarts.ts';
import type { Pair } from './tally.ts';

export interface OddsRatio {
  readonly ratio: number;
  readonly weight: number;
}

/**
 * The alternatives with their weights: from twice as many bad requests to only bad requests.
 * Ascending.
 */
export const ODDS_RATIOS: readonly OddsRatio[] = [
  { ratio: 2, weight: 0.25 },
  { ratio: 3.5, weight: 0.2 },
  { ratio: 6, weight: 0.2 },
  { ratio: 12, weight: 0.19 },
  { ratio: 50, weight: 0.11 },
  { ratio: 300, weight: 0.05 },
];

/**
 * The most that one period may multiply the evidence by, except in a catastrophe, so that no single
 * period decides.
 */
export const CAP = 30;

export interface CountsTestOptions {
  /** The most that one period may multiply the evidence by: CAP, or Infinity for no limit. */
  readonly cap: number;
  /**
   * Variance to mean of the bad requests: 1 when they are independent, more when they come in
   * clusters.
   */
  readonly dispersion: number;
  readonly restarts: Restarts;
  /** Default: ODDS_RATIOS. */
  readonly oddsRatios?: readonly OddsRatio[];
  /** Use the binomial bound even if the exact mean can be calculated. */
  readonly bound?: boolean;
  /**
   * The evidence that decides. Evidence beyond it is redistributed (e-process.ts). Default:
   * Infinity.
   */
  readonly enough?: number;
}

/**
 * Is a request to the canary more likely to be bad than one to stable in the same period?
 *
 *     l_t(psi) = min( [ x_c ln psi - ln E(psi^x) ] / phi , ln cap )
 *
 * Of x_c + x_s bad requests, the number in the canary is hypergeometric when both arms are equally
 * good, however the rate of bad requests changes between periods. E(psi^x) is the exact mean, so
 * exp(l_t) is the likelihood ratio of Fisher's noncentral distribution, whose mean is 1. When
 * errors come in clusters (phi > 1) or are too many to sum, E is the binomial bound. Dividing by
 * phi keeps the mean at most 1 (Jensen). As a sequential test: Lindon & Malek 2022; Lindon, Sanden
 * & Shirikian 2022. A period without requests to one of the arms adds nothing.
 */
export function countsTest(pairs: readonly Pair[], options: CountsTestOptions): EvidenceTrace {
  const { cap, dispersion, restarts, oddsRatios = ODDS_RATIOS, enough = Infinity } = options;
  const bound = options.bound === true || dispersion > 1;
  const logCap = Math.log(cap);
  const ratios = oddsRatios.map(({ ratio }) => ratio);
  const alternatives = oddsRatios.map(({ ratio, weight }, index) => {
    const logRatio = Math.log(ratio);
    const logFactor = ({ bad, logMeans }: Period): number =>
      Math.min((bad * logRatio - (logMeans[index] ?? 0)) / dispersion, logCap);
    return { weight, logFactor };
  });
  const periods = pairs.map((pair): Period => {
    const comparable = isComparable(pair);
    return {
      t: pair.t,
      pair,
      bad: comparable ? pair.canary.bad : 0,
      logMeans: comparable ? logMeans(pair, ratios, bound) : [],
    };
  });
  return eProcess(periods, alternatives, {
    restarts,
    ...(!bound && Number.isFinite(enough) && { spare: { enough, outcomes } }),
  });
}

interface Period {
  readonly t: number;
  readonly pair: Pair;
  /** The bad requests of the canary. */
  readonly bad: number;
  /** ln E(psi^x) by odds ratio; empty when there is nothing to compare. */
  readonly logMeans: readonly number[];
}

/** Without bad requests, or without requests to one of the arms, every factor is 1. */
const isComparable = ({ canary, stable }: Pair): boolean =>
  canary.of > 0 && stable.of > 0 && canary.bad + stable.bad > 0;

/** A larger sum takes long, and with so many bad requests a fault is found at once. */
const MOST_SUMMED = 5_000;

const logMeans = (pair: Pair, ratios: readonly number[], bound: boolean): readonly number[] =>
  bound || pair.canary.bad + pair.stable.bad > MOST_SUMMED
    ? ratios.map((ratio) => binomialBound(pair, ratio))
    : exactMeans(pair, ratios);

/**
 * The redistribution is limited to periods with a single bad request. There, the step of the
 * evidence is largest compared with the evidence, and most of it would be wasted. With low traffic,
 * most periods are of this kind and faults are found slowly. A higher limit would blame good
 * canaries more often (not more often than promised) and save almost no time.
 */
const FEW = 1;

function outcomes(period: Period): readonly EProcessOutcome<Period>[] {
  const { pair } = period;
  if (!isComparable(pair) || pair.canary.bad + pair.stable.bad > FEW) return [];
  const { least, probabilities } = chances(pair);
  return probabilities.map((probability, index) => ({
    probability,
    period: { ...period, bad: least + index },
  }));
}
