import type { JudgeSettings } from '../../judge/recording.ts';

/** How rollouts are pretended. */
export interface BacktestSettings {
  /** Share of the requests that the canary gets: a fraction. */
  readonly share: number;
  readonly rollouts: number;
  /** How long a rollout lasts, and by when its first step should have passed: in periods. */
  readonly length: number;
  readonly stepTimeout: number;
  readonly seed: number;
  readonly settings: JudgeSettings;
}

/** What would have been. Lengths of time are minutes from the first request to the canary, until the metrics are there. */
export interface Backtest {
  /** Of the history, ISO 8601. */
  readonly from: string;
  readonly to: string;
  readonly traffic: {
    readonly requestsPerMinute: number;
    /** Over the time of a step, in the quietest twentieth of the rollouts. */
    readonly requestsPerMinuteWhenQuiet: number;
    readonly errorRate: number;
    /** False: no latency in the history, or none in the hour before it to compare with. */
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
  /** The new version was as good as the old one. */
  readonly rolledBackForNothing: RateOfRollouts & {
    /** Bounds of the probability, each with 95% confidence. */
    readonly atLeast: number;
    readonly atMost: number;
  };
  /** The first step, with a version as good as the old one: evidence enough to go on within the step's timeout. */
  readonly passed: RateOfRollouts & { readonly medianMinutes: number | null };
  readonly faults: readonly Fault[];
  readonly recommendation: string;
}

export interface RateOfRollouts {
  readonly rollouts: number;
  readonly count: number;
  readonly share: number;
}

/** So many of the new version's requests fail. */
export interface Fault {
  readonly errorRate: number;
  readonly rollouts: number;
  /** Rolled back before the end of the rollout. */
  readonly found: number;
  /** How long it would have lived: half of them, and nine of ten, no longer than that. Null: beyond the end. */
  readonly medianMinutes: number | null;
  readonly ninetyPercentMinutes: number | null;
}
