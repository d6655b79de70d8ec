import { DEFAULT_SETTINGS, type Minute, type Recording, type JudgeSettings, type Step } from './recording.ts';
import { restartsUpTo, type Restarts } from './restarts.ts';

/** A recording prepared for the tests. */
export interface Timeline {
  readonly settings: JudgeSettings;
  /** Length of a period in seconds. */
  readonly period: number;
  /** The word for a period in explanations. */
  readonly periodName: 'minute' | 'period';
  /** The singular of what is counted. */
  readonly noun: 'request' | 'message';
  /** What the counted requests went to. */
  readonly asked: 'the new revision' | 'both revisions';
  /** A step counts from its first whole period, so `at` is rounded up. */
  readonly steps: readonly Step[];
  readonly thresholds: readonly number[] | null;
  /**
   * The minutes without the newest `metricDelay` periods, counted back from the largest `t` in the
   * recording: those can still grow.
   */
  readonly finished: readonly Minute[];
  /**
   * The finished periods with t < warmUp; `judged` has the others. Neither has interrupted periods.
   */
  readonly warmUp: readonly Minute[];
  readonly judged: readonly Minute[];
  readonly restarts: Restarts;
}

export function timelineOf(recording: Recording): Timeline {
  const settings = { ...DEFAULT_SETTINGS, ...recording.settings };
  const steps = recording.steps.map(({ at, percent }) => ({ at: Math.ceil(at), percent }));
  const last = (recording.minutes.at(-1)?.t ?? -1) - settings.metricDelay;
  const finished = recording.minutes.filter(({ t }) => t <= last);
  const isCounted = ({ t }: Minute) =>
    !(recording.interrupted ?? []).some(({ from, to }) => t >= from && t < to);
  const counted = finished.filter(isCounted);
  return {
    settings,
    period: recording.period,
    periodName: recording.period === 60 ? 'minute' : 'period',
    noun: recording.counted === 'messages' ? 'message' : 'request',
    asked: recording.arms === 'together' ? 'both revisions' : 'the new revision',
    steps,
    thresholds: recording.thresholds ?? null,
    finished,
    warmUp: counted.filter(({ t }) => t < settings.warmUp),
    judged: counted.filter(({ t }) => t >= settings.warmUp),
    restarts: restartsUpTo(last, steps),
  };
}

/** The step of a period; `null` before the first one. */
export const stepAt = ({ steps }: Timeline, t: number): Step | null =>
  steps.findLast(({ at }) => at <= t) ?? null;
