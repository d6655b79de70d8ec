/** The two sides of a comparison: the new revision and the old one. */
export type ArmName = 'canary' | 'stable';

/** What the judge reads: counts by period and arm. A recording is a complete account: same recording, same verdict, for ever. */
export interface Recording {
  /** Length of a period in seconds (60 for a load balancer's metrics). */
  readonly period: number;
  /** When each step of the ramp began, in periods since the canary first had traffic. */
  readonly steps: readonly Step[];
  /** Ascending in `t`; a period nobody has data for may be missing. */
  readonly minutes: readonly Minute[];
  /** The stable arm's p50, p90 and p99 in seconds before the rollout, that `slow` was counted by: only to be told in words. */
  readonly thresholds?: readonly number[];
  readonly settings?: Partial<JudgeSettings>;
  /** What `requests` are, where they are none: only to be told in words. */
  readonly counted?: 'messages';
  /** The canary's requests are those to both versions: nothing tells them apart, and there is nothing to compare them with. */
  readonly arms?: 'together';
}

export interface Step {
  /** In periods since the canary first had traffic; within a period, a fraction: the step then counts from the next one. */
  readonly at: number;
  /** Configured share of the canary. */
  readonly percent: number;
}

/** One period of evidence; JUDGE's word for it is a minute, whatever its length. */
export interface Minute {
  /** Periods since the canary first had traffic. */
  readonly t: number;
  /** Absent: nobody asked this arm, which is no evidence, not an absence of errors. */
  readonly canary?: Counts;
  readonly stable?: Counts;
}

export interface Counts {
  readonly requests: number;
  /** Target 5xx plus requests without an answer. Absent: the metric cannot be had. */
  readonly errors?: number;
  /** Three: requests slower than each frozen threshold (p50, p90, p99): canary above margin x threshold, stable above it. */
  readonly slow?: readonly number[];
  /** Latency in seconds at p50, p90, p99, where counts cannot be had: the percentile fallback. */
  readonly percentiles?: readonly number[];
  /** The user's own counts, by name, judged like errors. */
  readonly custom?: Readonly<Record<string, CustomCount>>;
  /** The user's own readings, by name, as multiples of their limits: more than 1 is over it. */
  readonly readings?: Readonly<Record<string, number>>;
}

/** `bad` of `of`, whatever is counted. */
export interface CustomCount {
  readonly bad: number;
  readonly of: number;
}

export interface JudgeSettings {
  /** Probability of ever rolling back a canary that is as good as stable. */
  readonly falseAlarmRate: number;
  /** Periods of canary traffic that are shown but not judged. */
  readonly warmUp: number;
  /** How many periods, counted back from the largest `t`, are not judged yet because their metrics are still growing. */
  readonly metricDelay: number;
  readonly latencyMargin: number;
  readonly errorTolerance: number;
  readonly maxErrorRate: number;
  /** Variance to mean of errors under sticky sessions; 1 without. */
  readonly dispersion: number;
}

export const DEFAULT_SETTINGS: JudgeSettings = {
  falseAlarmRate: 0.01,
  warmUp: 3,
  metricDelay: 2,
  latencyMargin: 1.2,
  errorTolerance: 0.01,
  maxErrorRate: 0.05,
  dispersion: 1,
};
