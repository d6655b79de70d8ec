import { logSum } from './logarithm.ts';
import type { Restarts } from './restarts.ts';

/**
 * Evidence against a hypothesis, accumulated period by period and valid after every one of them.
 *
 * Each alternative j multiplies the evidence of period t by a factor whose mean is at most 1 while
 * the hypothesis holds. Products of such factors, and averages of products with weights fixed
 * beforehand, keep that property, so
 *
 *     E_T = sum_k pi_k sum_j w_j prod(t = s_k..T) factor_j(t)          (pi, s: restarts.ts)
 *
 * ever reaches 1/alpha with a probability of at most alpha (Ville's inequality). A start in the
 * future contributes its pi_k.
 *
 * All past starts are multiplied by the same factor, so one running sum for each alternative is
 * enough:
 *
 *     A_T(j) = (A_T-1(j) + pi_k if T is the k-th start) factor_j(T)
 */
export interface Alternative<Period> {
  /** w_j; the weights of a test sum to 1. */
  readonly weight: number;
  /** ln factor_j(t); 0 for a period without evidence. */
  logFactor(period: Period): number;
}

/** The state of a test after a period. */
export interface EProcessState {
  readonly logE: number;
  /** The start with the largest part in E: the evidence is strongest since then. */
  readonly since: number;
}

/** One state for each period. */
export type EvidenceTrace = readonly EProcessState[];

export interface EProcessOptions<Period> {
  readonly restarts: Restarts;
  readonly spare?: Spare<Period>;
}

/**
 * Evidence beyond what is enough is wasted, because only min(E, enough) counts. When all possible
 * outcomes of a period and their probabilities under the hypothesis are known, this waste is
 * redistributed: the evidence is multiplied by the largest b with
 *
 *     mean of min(b E_T, enough) = E_T-1
 *
 * The mean of min(E, enough) then still never grows, so Ville's inequality still holds, and faults
 * are found sooner (after Fischer & Ramdas 2024). b depends only on what was known before the
 * outcome of the period.
 */
export interface Spare<Period> {
  readonly enough: number;
  /** In ascending order of evidence. Empty when nothing is redistributed in this period. */
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

/** ln b; 0 when there is already enough evidence. */
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
 * The b with: sum of probability x min(b value, limit) = mean. `mean` is below the limit, and
 * values ascend. As a function of b, the sum is the minimum of straight lines, one for each number
 * of values below the limit, so b is the maximum of their solutions.
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

/** w_j A_T(j) and the largest of its products, as logarithms. */
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
