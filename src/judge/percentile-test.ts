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
 * When slow requests cannot be counted: is the canary's percentile above margin x stable's in most
 * periods?
 *
 *     E = prod(1 + 0.8 (2 w_t - 1)),   w_t = 1 if p_c > m p_s, else 0
 *
 * Each period is a bet with a stake of 0.8: a canary as fast as stable is above with a probability
 * of at most 1/2, so the mean of the factor is at most 1. A percentile does not show the number of
 * requests, so a period counts at most 1.8: eleven in a row are needed.
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

/** `null` when the period cannot be compared. */
export function isAbove({ canary, stable }: Minute, percentile: number, margin: number): boolean | null {
  const ours = canary?.percentiles?.[percentile];
  const theirs = stable?.percentiles?.[percentile];
  return ours === undefined || theirs === undefined ? null : ours > margin * theirs;
}
