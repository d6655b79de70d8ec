import type { JudgeSettings } from '../../judge/recording.ts';

/** How rollouts are simulated. */
export interface BacktestSettings {
  /** The canary's share of the requests: a fraction. */
  readonly share: number;
  readonly rollouts: number;
  /** The duration of a rollout, and the time limit of its first step: in periods. */
  readonly length: number;
  readonly stepTimeout: number;
  readonly seed: number;
  readonly settings: JudgeSettings;
}

/**
 * The result of a backtest. Durations are minutes from the first request to the canary, including
 * the metric delay.
 */
export interface Backtest {
  /** The start of the history, ISO 8601. */
  readonly from: string;
  readonly to: string;
  readonly traffic: {
    readonly requestsPerMinute: number;
    /** The 5% quantile over the rollouts, averaged over the step timeout. */
    readonly requestsPerMinuteWhenQuiet: number;
    readonly errorRate: number;
    /** `false` if there is no latency in the history or in the hour before it. */
    readonly latency: boolean;
  };
  readonly terms: {
    readonly sharePercent: number;
    readonly lengthMinutes: number;
    readonly stepTimeoutMinutes: number;
    readonly periodSeconds: number;
    readonly seed: number;
    readonly settings: JudgeSettings;
  };
  /** Rollbacks of a new revision that is as good as the old one. */
  readonly rolledBackForNothing: RateOfRollouts & {
    /** Bounds of the probability, each with 95% confidence. */
    readonly atLeast: number;
    readonly atMost: number;
  };
  /** How often the first step passes within its timeout if the new revision is as good. */
  readonly passed: RateOfRollouts & { readonly medianMinutes: number | null };
  readonly faults: readonly Fault[];
  readonly recommendation: string;
}

export interface RateOfRollouts {
  readonly rollouts: number;
  readonly count: number;
  readonly share: number;
}

/** The result for a new revision whose requests fail at `errorRate`. */
export interface Fault {
  readonly errorRate: number;
  readonly rollouts: number;
  /** The number of rollouts that were rolled back before their end. */
  readonly found: number;
  /** The median and 90% quantile of the time to the rollback; `null` if beyond the end. */
  readonly medianMinutes: number | null;
  readonly ninetyPercentMinutes: number | null;
}
