import type { Milliseconds } from '../../src/core/time/clock.ts';

/** Faults in the metrics of a read, as they sometimes occur in CloudWatch. */
export interface MetricFault {
  /** Additional delay of the publication of every sample. */
  readonly late: Milliseconds;
  /**
   * Samples are published in parts over this time, as when hosts report one after another: periods
   * grow until then.
   */
  readonly growing: Milliseconds;
  /** GetMetricData returns PartialData without the newer half of the data. */
  readonly partial: boolean;
}

export const NO_METRIC_FAULT: MetricFault = { late: 0, growing: 0, partial: false };
