/** The judge's verdict on the canary, as of the last judged period. */
export interface Verdict {
  /**
   * `rollback`: evidence that it is worse. `pass`: evidence that it is good enough for the next
   * step. `hold`: neither.
   */
  readonly verdict: 'rollback' | 'pass' | 'hold';
  /** The period that decided, or the last one examined; -1 when there was none. */
  readonly minute: number;
  /** One or two sentences with the numbers that decided. */
  readonly because: string;
  readonly evidence: readonly Evidence[];
}

/**
 * The state of the tests after period `t`. For e-values, 1 is no evidence and 1/falseAlarmRate is
 * enough. Infinity is written as 1e308 in JSON.
 */
export interface Evidence {
  readonly t: number;
  /** E-values against the canary; `null` when the metric is not available. */
  readonly errors: number | null;
  readonly latency: number | null;
  readonly guard: number | null;
  /** The user's own metrics; absent when there are none. */
  readonly custom?: number | null;
  /** The weighted sum that decides. */
  readonly total: number;
  /**
   * G: evidence that the canary's error rate is tolerable, over the judged periods of the current
   * step; 20 is enough.
   */
  readonly good: number;
  /** Observed share of requests that the canary got, 0 to 1; `null` without traffic. */
  readonly share: number | null;
  /** False in the warm-up: shown but not judged, except for catastrophes. */
  readonly judged: boolean;
}
