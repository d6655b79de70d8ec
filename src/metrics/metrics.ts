import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { hasCode, inWords } from '../aws/refusals.ts';
import type { CustomMetric, Judging } from '../inputs/request.ts';
import { dispersion } from '../judge/judge.ts';
import type { Minute } from '../judge/recording.ts';
import { HOUR, SECOND } from '../time/clock.ts';
import type { Arm } from '../traffic/traffic.ts';
import { customQueries } from './custom.ts';
import { minutesOf } from './minutes.ts';
import { createSeriesReader, type Found, type SeriesReader } from './series.ts';
import { PERCENTILES, queriesFor, thresholdQueries, type ArmName, type LatencyQuestion } from './queries.ts';

export interface Evidence {
  readonly minutes: readonly Minute[];
  /** Start of t = 0, milliseconds since 1970. */
  readonly origin: number;
  /** What CloudWatch did not give, in words: the judge must hold. Null: nothing is missing. */
  readonly missing: string | null;
  /** Variance to mean of the stable arm's errors before the rollout; 1 without sticky sessions. */
  readonly dispersion: number;
  /** Metrics asked for since the beginning: what CloudWatch charges for. */
  readonly asked: number;
  /** The frozen latency thresholds, in seconds; null where latency is not counted against any. */
  readonly thresholds: readonly number[] | null;
  /** Absent: requests. Else what the user's own metrics count. */
  readonly counted?: 'messages';
}

export interface Metrics {
  /** Everything from the origin to the last finished period, read anew: late and growing points are seen. Never rejects. */
  read(origin: number, now: number): Promise<Evidence>;
}

export interface MetricsOptions {
  readonly cloudWatch: CloudWatchClient;
  readonly arms: Readonly<Record<ArmName, Arm>>;
  readonly judging: Judging;
  /** The user's own metrics. */
  readonly own?: readonly CustomMetric[];
  /** Told once, if latency must be compared in another way. */
  readonly notice?: (message: string) => void;
  /** Sticky sessions: errors come in clumps, and how much so is read from the stable arm. */
  readonly sticky: boolean;
  /** The thresholds are frozen at this time, so that a run that takes over finds the same. */
  readonly startedAt: number;
}

/** The reader of one rollout's evidence. The latency thresholds are frozen at its first read. */
export function createMetrics(options: MetricsOptions): Metrics {
  const { arms, judging, own = [] } = options;
  const split = arms.canary.group === null ? 'tasks' : 'requests';
  const counted = split === 'tasks' ? ({ counted: 'messages' } as const) : {};
  const reader = createSeriesReader(options.cloudWatch);
  let latency: LatencyQuestion | null = null;
  let clumps: number | null = null;

  async function read(from: number, to: number): Promise<Found> {
    latency ??= await freezeLatency(reader, options);
    clumps ??= options.sticky ? await freezeDispersion(reader, options) : 1;
    try {
      const period = judging.metricPeriod / SECOND;
      const queries = [...queriesFor(arms, period, latency), ...customQueries(arms, period, own)];
      return await reader.read(queries, from, to);
    } catch (error) {
      if (latency.by !== 'counts' || !hasCode(error, ...REFUSED_STATISTIC)) throw error;
      // TC() is refused here: percentiles are the older way to ask.
      latency = { by: 'percentiles' };
      options.notice?.(FALLBACK);
      return read(from, to);
    }
  }

  return {
    async read(start, now) {
      const period = judging.metricPeriod;
      const finishedBy = now - judging.metricDelay;
      const origin = Math.floor(start / period) * period;
      const nothing = {
        minutes: [],
        origin,
        missing: null,
        thresholds: null,
        dispersion: 1,
        asked: reader.asked,
        ...counted,
      };
      if (finishedBy < origin + period) return nothing;
      try {
        const { series, complete } = await read(origin, finishedBy);
        return {
          minutes: minutesOf(series, { origin, period, finishedBy }, latency!, own, split),
          origin,
          missing: complete ? null : 'CloudWatch gave only part of the metrics.',
          thresholds: latency!.by === 'counts' ? latency!.thresholds : null,
          dispersion: clumps!,
          asked: reader.asked,
          ...counted,
        };
      } catch (error) {
        return { ...nothing, missing: inWords(error, 'cloudwatch:GetMetricData', 'the metrics') };
      }
    },
  };
}

const FALLBACK =
  'CloudWatch does not count slow requests here (it refused the statistic TC), so latency is compared by percentiles: that needs eleven periods or more.';

const REFUSED_STATISTIC = ['ValidationError', 'ValidationException', 'InvalidParameterValue'] as const;

/**
 * The stable arm's percentiles over the hour before the rollout, each the median of its periods, so that one bad minute does
 * not decide. Without traffic in that hour there is nothing to compare with.
 */
async function freezeLatency(
  reader: SeriesReader,
  { arms, startedAt, judging }: MetricsOptions,
): Promise<LatencyQuestion> {
  if (arms.stable.group === null) return { by: 'nothing' };
  const queries = thresholdQueries(arms.stable.group, judging.metricPeriod / SECOND);
  const { series } = await reader.read(queries, startedAt - HOUR, startedAt);
  const thresholds = PERCENTILES.map((percentile) => median([...(series.get(percentile)?.values() ?? [])]));
  if (!thresholds.every((threshold) => threshold !== null)) return { by: 'nothing' };
  return { by: 'counts', thresholds, margin: judging.latencyMargin };
}

/** Over the three hours before the rollout, as the judge's dispersion takes them. */
async function freezeDispersion(
  reader: SeriesReader,
  { arms, startedAt, judging }: MetricsOptions,
): Promise<number> {
  const latency = { by: 'nothing' } as const;
  const period = judging.metricPeriod;
  const origin = Math.floor((startedAt - 3 * HOUR) / period) * period;
  const { series } = await reader.read(queriesFor(arms, period / SECOND, latency), origin, startedAt);
  const minutes = minutesOf(series, { origin, period, finishedBy: startedAt }, latency);
  return dispersion(minutes.map(({ stable }) => stable?.errors ?? 0));
}

function median(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}
