import { DEFAULT_SETTINGS, type Minute, type Recording, type JudgeSettings, type Step } from './recording.ts';
import { restartsUpTo, type Restarts } from './restarts.ts';

/** A recording made ready to be judged. */
export interface Timeline {
  readonly settings: JudgeSettings;
  /** What a period is called in a sentence. */
  readonly periodName: 'minute' | 'period';
  /** What is counted, one of it. */
  readonly noun: 'request' | 'message';
  /** Who is asked, where they are counted. */
  readonly asked: 'the new version' | 'both versions';
  /** A step counts from its first whole period: `at` is rounded up. */
  readonly steps: readonly Step[];
  readonly thresholds: readonly number[] | null;
  /** Without the newest `metricDelay` periods, counted back from the largest `t` in the recording: they can still grow. */
  readonly finished: readonly Minute[];
  /** The finished periods again, parted: t < warmUp, and the rest. */
  readonly warmUp: readonly Minute[];
  readonly judged: readonly Minute[];
  readonly restarts: Restarts;
}

export function timelineOf(recording: Recording): Timeline {
  const settings = { ...DEFAULT_SETTINGS, ...recording.settings };
  const steps = recording.steps.map(({ at, percent }) => ({ at: Math.ceil(at), percent }));
  const last = (recording.minutes.at(-1)?.t ?? -1) - settings.metricDelay;
  const finished = recording.minutes.filter(({ t }) => t <= last);
  return {
    settings,
    periodName: recording.period === 60 ? 'minute' : 'period',
    noun: recording.counted === 'messages' ? 'message' : 'request',
    asked: recording.arms === 'together' ? 'both versions' : 'the new version',
    steps,
    thresholds: recording.thresholds ?? null,
    finished,
    warmUp: finished.filter(({ t }) => t < settings.warmUp),
    judged: finished.filter(({ t }) => t >= settings.warmUp),
    restarts: restartsUpTo(last, steps),
  };
}

/** The step a period belongs to; null before the first one. */
export const stepAt = ({ steps }: Timeline, t: number): Step | null =>
  steps.findLast(({ at }) => at <= t) ?? null;
