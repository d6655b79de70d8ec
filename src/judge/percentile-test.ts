import { eProcess, type EvidenceTrace } from './e-process.ts';
import type { Minute } from './recording.ts';
import type { Restarts } from './restarts.ts';

const STAKE = 0.8;

export interface PercentileTestOptions {
  /** Index into `percentiles`: p50, p90, p99. */
  readonly percentile: number;
  readonly margin: number;
  readonly restarts: Restarts;
}

/**
 * Where slow requests cannot be counted: is the canary's percentile above margin x stable's more often than not?
 *
 *     E = prod(1 + 0.8 (2 w_t - 1)),   w_t = 1 if p_c > m p_s, else 0
 *
 * A stake of .8 on each period: a canary as fast as stable is above with probability 1/2 at most, and then the factor's mean
 * is at most 1. A percentile does not say how many requests it is of, so a period counts 1.8 at best: eleven in a row are needed.
 */
export function percentileTest(
  minutes: readonly Minute[],
  { percentile, margin, restarts }: PercentileTestOptions,
): EvidenceTrace {
  const logFactor = (minute: Minute): number => {
    const above = isAbove(minute, percentile, margin);
    return above === null ? 0 : Math.log(above ? 1 + STAKE : 1 - STAKE);
  };
  return eProcess(minutes, [{ weight: 1, logFactor }], { restarts });
}

/** Null: not to be compared in this period. */
export function isAbove({ canary, stable }: Minute, percentile: number, margin: number): boolean | null {
  const ours = canary?.percentiles?.[percentile];
  const theirs = stable?.percentiles?.[percentile];
  return ours === undefined || theirs === undefined ? null : ours > margin * theirs;
}
