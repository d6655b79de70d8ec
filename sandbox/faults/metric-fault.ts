import type { Milliseconds } from '../../src/core/time/clock.ts';

/** What is wrong with the metrics that a read is given, as CloudWatch's are now and then. */
export interface MetricFault {
  /** Every sample is published this much later. */
  readonly late: Milliseconds;
  /** A sample is published in parts over this time, as when hosts report one after the other: its period grows until then. */
  readonly growing: Milliseconds;
  /** GetMetricData answers PartialData, and leaves out the newer half of what there is. */
  readonly partial: boolean;
}

export const NO_METRIC_FAULT: MetricFault = { late: 0, growing: 0, partial: false };
