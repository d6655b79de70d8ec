import { quantity } from '../core/quantity.ts';
import type { Judging } from '../core/request.ts';
import { dispersion } from '../judge/dispersion.ts';
import { judge } from '../judge/judge.ts';
import type { Interrupted, Recording } from '../judge/recording.ts';
import type { Verdict } from '../judge/verdict.ts';
import type { MetricsRead, Metrics } from './metrics/metrics.ts';
import { MINUTE, SECOND } from '../core/time/clock.ts';
import { REVISION_OF, type Interruption } from './health/interruption.ts';

/** An evaluation: the verdict and the input of the judge. */
export interface Judged {
  readonly verdict: Verdict;
  readonly recording: Recording;
  /** Start of t = 0, milliseconds since 1970. */
  readonly origin: number;
  readonly thresholds: readonly number[] | null;
  /** Number of metrics requested so far. */
  readonly asked: number;
}

export interface EvidenceReader {
  /** Records that production traffic starts at this step, or moves to it. */
  stepBegan(percent: number, at: number): void;
  /**
   * The evaluation up to now, read again when another period has finished; `null` before any
   * traffic.
   */
  look(
    now: number,
    interruptions: readonly Interruption[],
  ): Promise<{ readonly judged: Judged; readonly isNew: boolean } | null>;
}

/**
 * Caches the last evaluation between two periods. Every read gets all metrics from CloudWatch
 * again.
 */
export function createEvidenceReader(metrics: Metrics, judging: Judging): EvidenceReader {
  const steps: { at: number; percent: number }[] = [];
  let last: Last | null = null;

  return {
    stepBegan(percent, at) {
      if (steps.at(-1)?.percent !== percent) steps.push({ at, percent });
    },
    async look(now, interruptions) {
      const origin = steps[0]?.at;
      if (origin === undefined) return null;
      const period = Math.floor((now - judging.metricDelay) / judging.metricPeriod);
      const state = JSON.stringify([period, steps.length, interruptions]);
      const isNew = last?.state !== state;
      const isRead = last?.period === period && (last.whole || now - last.at < RETRY);
      if (last && isRead && !isNew) return { judged: last.judged, isNew };
      const evidence = last && isRead ? last.evidence : await metrics.read(origin, now);
      const judged = judgeEvidence(evidence, { steps, interruptions, now }, judging);
      const whole = evidence.missing === null;
      const nowWhole = whole && last?.whole === false;
      last = { state, period, evidence, judged, whole, at: last && isRead ? last.at : now };
      return { judged, isNew: isNew || nowWhole };
    },
  };
}

/** An incomplete read is repeated before the next period ends, but not in every observation. */
const RETRY = 15 * SECOND;

interface Last {
  /** What the evaluation was made from, besides the counts. */
  readonly state: string;
  /** The last period whose counts were read. */
  readonly period: number;
  readonly evidence: MetricsRead;
  readonly judged: Judged;
  readonly whole: boolean;
  /** When the counts were read. */
  readonly at: number;
}

/** What the rollout did while the counts were made. Times are milliseconds since 1970. */
interface Circumstances {
  readonly steps: readonly { readonly at: number; readonly percent: number }[];
  readonly interruptions: readonly Interruption[];
  readonly now: number;
}

/** ECS may notice the loss of a host some time after its requests begin to fail. */
const BEFORE = 2 * MINUTE;

/** The periods of an interruption, and the warm-up of the tasks that ECS starts again. */
function interruptedPeriods(
  { arm, by, tasks, since, until }: Interruption,
  { evidence, now, judging }: { evidence: MetricsRead; now: number; judging: Judging },
): Interrupted {
  const period = judging.metricPeriod;
  const at = (time: number) => Math.max(0, (time - evidence.origin) / period);
  return {
    from: Math.floor(at(since - BEFORE)),
    to: Math.ceil(at(until === null ? now : until + judging.warmUp)),
    because: `${quantity(tasks, 'task')} of the ${REVISION_OF[arm]} ${tasks === 1 ? 'was' : 'were'} taken by ${by}`,
  };
}

/** Missing evidence gives the verdict `hold`: it neither passes nor blames. Pure. */
export function judgeEvidence(
  evidence: MetricsRead,
  { steps, interruptions, now }: Circumstances,
  judging: Judging,
): Judged {
  const period = judging.metricPeriod;
  const interrupted = interruptions.map((each) => interruptedPeriods(each, { evidence, now, judging }));
  const recording: Recording = {
    period: period / SECOND,
    // The evidence of a step starts with its first whole period.
    steps: steps.map(({ at, percent }) => ({
      at: Math.max(0, Math.ceil((at - evidence.origin) / period)),
      percent,
    })),
    minutes: evidence.minutes,
    ...(evidence.thresholds && { thresholds: evidence.thresholds }),
    ...(evidence.counted && { counted: evidence.counted }),
    ...(evidence.arms && { arms: evidence.arms }),
    ...(interrupted.length > 0 && { interrupted }),
    settings: {
      falseAlarmRate: judging.falseAlarmRate,
      warmUp: Math.ceil(judging.warmUp / period),
      metricDelay: 0,
      latencyMargin: judging.latencyMargin,
      errorTolerance: judging.errorTolerance,
      maxErrorRate: evidence.maxErrorRate,
      dispersion: evidence.errorsBefore === null ? 1 : dispersion(evidence.errorsBefore),
    },
  };
  const verdict: Verdict =
    evidence.missing === null
      ? judge(recording)
      : { verdict: 'hold', minute: -1, because: evidence.missing, evidence: [] };
  const { origin, thresholds, asked } = evidence;
  return { verdict, recording, origin, thresholds, asked };
}
