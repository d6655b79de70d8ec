/** The two sides of a comparison: the new revision and the old one. */
export type ArmName = 'canary' | 'stable';

/**
 * The input of the judge: counts by period and arm. A recording is complete: the same recording
 * always gives the same verdict.
 */
export interface Recording {
  /** Length of a period in seconds (60 for a load balancer's metrics). */
  readonly period: number;
  /** When each step of the rollout started, in periods since the canary first had traffic. */
  readonly steps: readonly Step[];
  /** Ascending in `t`. A period without data may be missing. */
  readonly minutes: readonly Minute[];
  /**
   * The stable arm's p50, p90 and p99 before the rollout, in seconds, by which `slow` was counted.
   * Used only in explanations.
   */
  readonly thresholds?: readonly number[];
  readonly settings?: Partial<JudgeSettings>;
  /** What `requests` counts when it is not requests. Used only in explanations. */
  readonly counted?: 'messages';
  /**
   * The canary's requests are those to both revisions, which cannot be separated, so there is
   * nothing to compare.
   */
  readonly arms?: 'together';
  /** Times that are shown but not judged. Absent when there are none. */
  readonly interrupted?: readonly Interrupted[];
}

/**
 * Periods in which a revision lacked tasks that were taken from it. They are chosen by what ECS says
 * about tasks and hosts, never by the counts: only then does the judge's promise hold without them.
 */
export interface Interrupted {
  /** The first period, in periods since the canary first had traffic. */
  readonly from: number;
  /** The first period after them. */
  readonly to: number;
  /** A clause: `1 task of the new revision was taken by a Spot interruption`. */
  readonly because: string;
}

export interface Step {
  /**
   * In periods since the canary first had traffic. A fraction when it starts within a period: the
   * step then counts from the next one.
   */
  readonly at: number;
  /** Configured share of the canary. */
  readonly percent: number;
}

/** One period of evidence, called a minute whatever its length. */
export interface Minute {
  /** Periods since the canary first had traffic. */
  readonly t: number;
  /** Absent when the arm had no requests, which is not the same as no errors. */
  readonly canary?: Counts;
  readonly stable?: Counts;
}

export interface Counts {
  readonly requests: number;
  /** Target 5xx plus requests without an answer. Absent when the metric is not available. */
  readonly errors?: number;
  /**
   * Three counts of requests slower than a frozen threshold (p50, p90, p99): the canary's above
   * margin x threshold, stable's above the threshold.
   */
  readonly slow?: readonly number[];
  /** Latency in seconds at p50, p90, p99, when slow requests cannot be counted. */
  readonly percentiles?: readonly number[];
  /** The user's own counts by name, judged like errors. */
  readonly custom?: Readonly<Record<string, CustomCount>>;
  /**
   * The user's own readings by name, as multiples of their limits: more than 1 is over the limit.
   */
  readonly readings?: Readonly<Record<string, number>>;
}

/** `bad` of `of` items. */
export interface CustomCount {
  readonly bad: number;
  readonly of: number;
}

export interface JudgeSettings {
  /** Probability that a canary as good as stable is ever rolled back. */
  readonly falseAlarmRate: number;
  /** Periods of canary traffic that are shown but not judged. */
  readonly warmUp: number;
  /**
   * How many periods, counted back from the largest `t`, are not judged yet because their metrics
   * still grow.
   */
  readonly metricDelay: number;
  readonly latencyMargin: number;
  readonly errorTolerance: number;
  readonly maxErrorRate: number;
  /** Variance to mean of errors with sticky sessions; 1 without. */
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
