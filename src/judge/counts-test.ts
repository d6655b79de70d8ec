import { binomialBound } from './binomial-bound.ts';
import { eProcess, type EProcessOutcome, type EvidenceTrace } from './e-process.ts';
import { chances, exactMeans } from './hypergeometric.ts';
import type { Restarts } from './restarts.ts';
import type { Pair } from './tally.ts';

export interface OddsRatio {
  readonly ratio: number;
  readonly weight: number;
}

/** What is looked for, with its weights: from twice as many bad requests to nothing but bad ones. Ascending. */
export const ODDS_RATIOS: readonly OddsRatio[] = [
  { ratio: 2, weight: 0.25 },
  { ratio: 3.5, weight: 0.2 },
  { ratio: 6, weight: 0.2 },
  { ratio: 12, weight: 0.19 },
  { ratio: 50, weight: 0.11 },
  { ratio: 300, weight: 0.05 },
];

/** No single period decides: the most it may multiply the evidence by, but in a catastrophe. */
export const CAP = 30;

export interface CountsTestOptions {
  /** The most that one period may multiply the evidence by: CAP, or Infinity for no limit. */
  readonly cap: number;
  /** Variance to mean of the bad requests: 1 when they come independently, more when they come in clumps. */
  readonly dispersion: number;
  readonly restarts: Restarts;
  /** ODDS_RATIOS unless told. */
  readonly oddsRatios?: readonly OddsRatio[];
  /** Always the binomial bound, though the exact mean could be had. */
  readonly bound?: boolean;
  /** The evidence that decides: what would exceed it is put to use before (e-process.ts). Infinity unless told. */
  readonly enough?: number;
}

/**
 * Is a request to the canary likelier to be bad than one to stable in the same period?
 *
 *     l_t(psi) = min( [ x_c ln psi - ln E(psi^x) ] / phi , ln cap )
 *
 * Of x_c + x_s bad requests, those of the canary are hypergeometric when both arms are equally good, whatever the rate of bad
 * requests does from period to period. E(psi^x) is the exact mean, so that exp(l_t) is the likelihood ratio of Fisher's noncentral
 * distribution, whose mean is 1; where requests come in clumps (phi > 1) or are too many to be summed it is the binomial bound.
 * Dividing by phi keeps the mean at most 1 (Jensen). As a sequential test: Lindon & Malek 2022; Lindon, Sanden & Shirikian 2022.
 * A period without requests to one of the arms adds nothing.
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
  /** Of the canary's requests. */
  readonly bad: number;
  /** ln E(psi^x) by odds ratio; empty: nothing to compare. */
  readonly logMeans: readonly number[];
}

/** With nothing bad, or nobody to compare with, every factor is 1. */
const isComparable = ({ canary, stable }: Pair): boolean =>
  canary.of > 0 && stable.of > 0 && canary.bad + stable.bad > 0;

/** More would take time, and there, faults are found at once anyway. */
const MOST_SUMMED = 5_000;

const logMeans = (pair: Pair, ratios: readonly number[], bound: boolean): readonly number[] =>
  bound || pair.canary.bad + pair.stable.bad > MOST_SUMMED
    ? ratios.map((ratio) => binomialBound(pair, ratio))
    : exactMeans(pair, ratios);

/**
 * A period with a single bad request: its step of the evidence is largest against what it is made of, and most is wasted. That is
 * most periods where traffic is low, and faults are slow to find. With more of them good canaries would be blamed more often,
 * though no more than promised, for hardly any minute.
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
