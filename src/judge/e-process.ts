import { logSum } from './logarithm.ts';
import type { Restarts } from './restarts.ts';

/**
 * Evidence against a hypothesis, gathered period by period and good to look at after every one of them.
 *
 * Each alternative j multiplies the evidence of period t by a factor whose mean is at most 1 while the hypothesis holds.
 * Products of such factors, and averages of products with weights fixed beforehand, keep that property, so
 *
 *     E_T = sum_k pi_k sum_j w_j prod(t = s_k..T) factor_j(t)          (pi, s: restarts.ts)
 *
 * reaches 1/alpha, ever, with probability alpha at most: Ville's inequality. A start still to come contributes its pi_k.
 *
 * All the starts gone by are multiplied by the same factor, so one running sum for each alternative is enough:
 *
 *     A_T(j) = (A_T-1(j) + pi_k if T is the k-th start) factor_j(T)
 */
export interface Alternative<Period> {
  /** w_j; the weights of a test sum to 1. */
  readonly weight: number;
  /** ln factor_j(t); 0 for a period without evidence. */
  logFactor(period: Period): number;
}

/** What a test says after a period. */
export interface EProcessState {
  readonly logE: number;
  /** The start with the largest part in E: since when the evidence is strongest. */
  readonly since: number;
}

/** One state for each period. */
export type EvidenceTrace = readonly EProcessState[];

export interface EProcessOptions<Period> {
  readonly restarts: Restarts;
  readonly spare?: Spare<Period>;
}

/**
 * Evidence beyond what is enough is wasted: the promise counts min(E, enough). Where all that could have happened in a period is
 * known, with its probabilities while the hypothesis holds, that waste is given back before: the evidence is multiplied by the
 * largest b with
 *
 *     mean of min(b E_T, enough) = E_T-1
 *
 * Then min(E, enough) is still evidence whose mean never grows, so Ville's inequality still holds, and faults are found sooner
 * (after Fischer & Ramdas 2024). b depends on what was known before the period's outcome only.
 */
export interface Spare<Period> {
  readonly enough: number;
  /** In the order of growing evidence; none: not to be done in this period. */
  outcomes(period: Period): readonly EProcessOutcome<Period>[];
}

export interface EProcessOutcome<Period> {
  readonly probability: number;
  readonly period: Period;
}

export function eProcess<Period extends { readonly t: number }>(
  periods: readonly Period[],
  alternatives: readonly Alternative<Period>[],
  { restarts: { times, prior }, spare }: EProcessOptions<Period>,
): EvidenceTrace {
  const parts = alternatives.map((alternative) => new Part(alternative));
  let started = 0;
  let logStretch = 0;
  return periods.map((period) => {
    for (let time; (time = times[started]) !== undefined && time <= period.t; started++) {
      for (const part of parts) part.start(time, prior.of(started));
    }
    const toCome = prior.from(started);
    logStretch += logStretchOf(period, { parts, toCome, logStretch, spare });
    for (const part of parts) part.multiply(period);
    const strongest = parts.reduce((a, b) => (b.strongest > a.strongest ? b : a));
    return {
      logE: logStretch + logSum([...parts.map((part) => part.log), Math.log(toCome)]),
      since: strongest.since,
    };
  });
}

interface Before<Period> {
  readonly parts: readonly Part<Period>[];
  readonly toCome: number;
  readonly logStretch: number;
  readonly spare: Spare<Period> | undefined;
}

/** ln b; 0 once there has been enough. */
function logStretchOf<Period>(period: Period, { parts, toCome, logStretch, spare }: Before<Period>): number {
  const outcomes = spare?.outcomes(period) ?? [];
  if (spare === undefined || outcomes.length === 0) return 0;
  const limit = spare.enough / Math.exp(logStretch);
  const now = parts.reduce((sum, { log }) => sum + Math.exp(log), toCome);
  if (now >= limit) return 0;
  const then = outcomes.map(({ probability, period: outcome }) => ({
    probability,
    value: parts.reduce((sum, part) => sum + Math.exp(part.logAfter(outcome)), toCome),
  }));
  return Math.log(stretchTo(now, limit, then));
}

/**
 * The b with sum of probability x min(b value, limit) = mean; `mean` is below the limit, values ascend. As a function of b the sum
 * is the least of straight lines, one for each number of values that are not cut off: so b is the largest that any of them gives.
 */
function stretchTo(mean: number, limit: number, outcomes: readonly Weighted[]): number {
  const stretches = outcomes.map((_, last) => {
    const whole = outcomes
      .slice(0, last + 1)
      .reduce((sum, { probability, value }) => sum + probability * value, 0);
    const cutOff = outcomes.slice(last + 1).reduce((sum, { probability }) => sum + probability * limit, 0);
    return (mean - cutOff) / whole;
  });
  return Math.max(...stretches);
}

interface Weighted {
  readonly probability: number;
  readonly value: number;
}

/** w_j A_T(j), and the largest of the products in it. In logarithms. */
class Part<Period> {
  log = -Infinity;
  strongest = -Infinity;
  since = 0;
  readonly alternative: Alternative<Period>;

  constructor(alternative: Alternative<Period>) {
    this.alternative = alternative;
  }

  start(time: number, belief: number): void {
    const log = Math.log(this.alternative.weight * belief);
    this.log = logSum([this.log, log]);
    if (log > this.strongest) {
      this.strongest = log;
      this.since = time;
    }
  }

  logAfter(period: Period): number {
    return this.log + this.alternative.logFactor(period);
  }

  multiply(period: Period): void {
    const logFactor = this.alternative.logFactor(period);
    this.log += logFactor;
    this.strongest += logFactor;
  }
}
