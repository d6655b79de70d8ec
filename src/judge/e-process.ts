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
export interface State {
  readonly logE: number;
  /** The start with the largest part in E: since when the evidence is strongest. */
  readonly since: number;
}

/** One state for each period. */
export type Trace = readonly State[];

export function eProcess<Period extends { readonly t: number }>(
  periods: readonly Period[],
  alternatives: readonly Alternative<Period>[],
  { times, prior }: Restarts,
): Trace {
  const parts = alternatives.map((alternative) => new Part(alternative));
  let started = 0;
  return periods.map((period) => {
    for (let time; (time = times[started]) !== undefined && time <= period.t; started++) {
      for (const part of parts) part.start(time, prior.of(started));
    }
    for (const part of parts) part.multiply(period);
    const strongest = parts.reduce((a, b) => (b.strongest > a.strongest ? b : a));
    return {
      logE: logSum([...parts.map((part) => part.log), Math.log(prior.from(started))]),
      since: strongest.since,
    };
  });
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

  multiply(period: Period): void {
    const logFactor = this.alternative.logFactor(period);
    this.log += logFactor;
    this.strongest += logFactor;
  }
}
