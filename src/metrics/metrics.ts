import {
  GetMetricDataCommand,
  type CloudWatchClient,
  type GetMetricDataCommandOutput,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import { hasCode, inWords } from '../aws/refusals.ts';
import type { Judging } from '../inputs/request.ts';
import type { Minute } from '../judge/recording.ts';
import { HOUR, SECOND } from '../time/clock.ts';
import type { Arm } from '../traffic/traffic.ts';
import { minutesOf, type Series } from './minutes.ts';
import { PERCENTILES, queriesFor, thresholdQueries, type ArmName, type LatencyQuestion } from './queries.ts';

export interface Evidence {
  readonly minutes: readonly Minute[];
  /** Start of t = 0, milliseconds since 1970. */
  readonly origin: number;
  /** What CloudWatch did not give, in words: the judge must hold. Null: nothing is missing. */
  readonly missing: string | null;
  /** The frozen latency thresholds, in seconds; null where latency is not counted against any. */
  readonly thresholds: readonly number[] | null;
}

export interface Metrics {
  /** Everything from the origin to the last finished period, read anew: late and growing points are seen. Never rejects. */
  read(origin: number, now: number): Promise<Evidence>;
}

interface Found {
  readonly series: Series;
  readonly complete: boolean;
  readonly latency: LatencyQuestion;
}

export interface MetricsOptions {
  readonly cloudWatch: CloudWatchClient;
  readonly arms: Readonly<Record<ArmName, Arm>>;
  readonly judging: Judging;
  /** The thresholds are frozen at this time, so that a run that takes over finds the same. */
  readonly startedAt: number;
}

/** The reader of one rollout's evidence. The latency thresholds are frozen at its first read. */
export function createMetrics(options: MetricsOptions): Metrics {
  const { cloudWatch, arms, judging } = options;
  let frozen: LatencyQuestion | null = null;

  async function series(from: number, to: number): Promise<Found> {
    const latency = (frozen ??= await freezeLatency(options));
    const queries = queriesFor(arms, judging.metricPeriod / SECOND, latency);
    try {
      return { ...(await readSeries(cloudWatch, queries, from, to)), latency };
    } catch (error) {
      if (
        latency.by !== 'counts' ||
        !hasCode(error, 'ValidationError', 'ValidationException', 'InvalidParameterValue')
      )
        throw error;
      // TC() is refused here: percentiles are the older way to ask.
      frozen = { by: 'percentiles' };
      return series(from, to);
    }
  }

  return {
    async read(origin, now) {
      const finishedBy = now - judging.metricDelay;
      const period = judging.metricPeriod;
      const start = Math.floor(origin / period) * period;
      if (finishedBy < start + period) return { minutes: [], origin: start, missing: null, thresholds: null };
      try {
        const found = await series(start, finishedBy);
        return {
          minutes: minutesOf(found.series, { origin: start, period, finishedBy }, found.latency),
          origin: start,
          missing: found.complete ? null : 'CloudWatch gave only part of the metrics.',
          thresholds: found.latency.by === 'counts' ? found.latency.thresholds : null,
        };
      } catch (error) {
        return {
          minutes: [],
          origin: start,
          missing: inWords(error, 'cloudwatch:GetMetricData', 'the metrics'),
          thresholds: null,
        };
      }
    },
  };
}

/**
 * The stable arm's percentiles over the hour before the rollout, each the median of its periods, so that one bad minute does
 * not decide. Without traffic in that hour there is nothing to compare with.
 */
async function freezeLatency({
  cloudWatch,
  arms,
  startedAt,
  judging,
}: MetricsOptions): Promise<LatencyQuestion> {
  const queries = thresholdQueries(arms.stable, judging.metricPeriod / SECOND);
  const { series } = await readSeries(cloudWatch, queries, startedAt - HOUR, startedAt);
  const thresholds = PERCENTILES.map((percentile) => median([...(series.get(percentile)?.values() ?? [])]));
  if (!thresholds.every((threshold) => threshold !== null)) return { by: 'nothing' };
  return { by: 'counts', thresholds, margin: judging.latencyMargin };
}

function median(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}

async function readSeries(
  cloudWatch: CloudWatchClient,
  queries: MetricDataQuery[],
  from: number,
  to: number,
): Promise<{ series: Series; complete: boolean }> {
  const series = new Map<string, Map<number, number>>();
  let complete = true;
  let nextToken: string | undefined;
  do {
    const page: GetMetricDataCommandOutput = await cloudWatch.send(
      new GetMetricDataCommand({
        MetricDataQueries: queries,
        StartTime: new Date(from),
        EndTime: new Date(to),
        ScanBy: 'TimestampAscending',
        ...(nextToken && { NextToken: nextToken }),
      }),
    );
    for (const result of page.MetricDataResults ?? []) {
      // A page that has a successor says PartialData of what the next one completes.
      if (result.StatusCode !== 'Complete' && !page.NextToken) complete = false;
      const values = series.get(result.Id!) ?? new Map<number, number>();
      result.Timestamps?.forEach((at, index) => values.set(at.getTime(), result.Values![index]!));
      series.set(result.Id!, values);
    }
    nextToken = page.NextToken;
  } while (nextToken);
  return { series, complete };
}
