import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { hasCode } from '../../aws/errors.ts';
import type { CustomMetric, Judging } from '../../core/request.ts';
import type { ArmName, Minute } from '../../judge/recording.ts';
import { HOUR, SECOND } from '../../core/time/clock.ts';
import type { Arm } from '../traffic/traffic-mover.ts';
import { customQueries } from './custom.ts';
import { minutesOf, type Counting } from './minutes.ts';
import { createSeriesReader, type SeriesRead, type SeriesReader } from './series.ts';
import { LATENCY_STATISTICS, queriesFor, thresholdQueries, type LatencyQuestion } from './queries.ts';
import { errorText } from '../../core/failure.ts';

export interface MetricsRead {
  readonly minutes: readonly Minute[];
  /** Start of t = 0, milliseconds since 1970. */
  readonly origin: number;
  /**
   * What CloudWatch did not return, in words: the verdict must be `hold`. `null` when nothing is
   * missing.
   */
  readonly missing: string | null;
  /**
   * The stable arm's errors in each period of the three hours before the rollout, as the judge's
   * `dispersion` requires; `null` without sticky sessions.
   */
  readonly errorsBefore: readonly number[] | null;
  /** The limit for the canary: max-error-rate, or more when the service usually exceeds it. */
  readonly maxErrorRate: number;
  /** Number of metrics requested so far, for which CloudWatch charges. */
  readonly asked: number;
  /** The frozen latency thresholds, in seconds; `null` when slow requests are not counted. */
  readonly thresholds: readonly number[] | null;
  /** Absent for requests; otherwise, what the user's own metrics count. */
  readonly counted?: 'messages';
  /** Set when the canary's requests are those to both revisions. */
  readonly arms?: 'together';
}

export interface Metrics {
  /**
   * Reads everything from the origin to the last finished period, because points arrive late and
   * grow. Never rejects.
   */
  read(origin: number, now: number): Promise<MetricsRead>;
}

export interface MetricsOptions {
  readonly cloudWatch: CloudWatchClient;
  readonly arms: Readonly<Record<ArmName, Arm>>;
  readonly judging: Judging;
  /** The user's own metrics. */
  readonly own?: readonly CustomMetric[];
  /** Called once when latency must be compared in another way. */
  readonly notice?: (message: string) => void;
  /** With sticky sessions, errors come in clusters. Their size is measured on the stable arm. */
  readonly sticky: boolean;
  /** The thresholds are frozen at this time, so that a run that takes over gets the same ones. */
  readonly startedAt: number;
}

/** Creates the reader of one rollout's evidence. Its first read freezes the latency thresholds. */
export function createMetrics(options: MetricsOptions): Metrics {
  const { arms, judging, own = [] } = options;
  const counting = countingOf(arms);
  const counted = COUNTED[counting];
  const reader = createSeriesReader(options.cloudWatch);
  let latency: LatencyQuestion | null = null;
  let errorsBefore: readonly number[] | null = null;
  let maxErrorRate = counting === 'together' ? null : judging.maxErrorRate;

  async function read(from: number, to: number): Promise<SeriesRead> {
    latency ??= await freezeLatency(reader, options);
    if (options.sticky) errorsBefore ??= await readErrorsBefore(reader, options);
    maxErrorRate ??= await freezeLimit(reader, options);
    try {
      const period = judging.metricPeriod / SECOND;
      const queries = [...queriesFor(arms, period, latency), ...customQueries(arms, period, own)];
      return await reader.read(queries, from, to);
    } catch (error) {
      if (latency.by !== 'counts' || !hasCode(error, ...REFUSED_STATISTIC)) throw error;
      // CloudWatch refuses TC() here, so percentiles are used.
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
        errorsBefore: null,
        maxErrorRate: judging.maxErrorRate,
        asked: reader.asked,
        ...counted,
      };
      if (finishedBy < origin + period) return nothing;
      try {
        const { series, complete } = await read(origin, finishedBy);
        return {
          minutes: minutesOf(series, { origin, period, finishedBy }, latency!, own, counting),
          origin,
          missing: complete ? null : 'CloudWatch returned only part of the metrics.',
          thresholds: latency!.by === 'counts' ? latency!.thresholds : null,
          errorsBefore,
          maxErrorRate: maxErrorRate!,
          asked: reader.asked,
          ...counted,
        };
      } catch (error) {
        return { ...nothing, missing: errorText(error) };
      }
    },
  };
}

/**
 * Who counts the arms: the load balancer for each arm, the load balancer for both together, or only
 * the user's own metrics.
 */
function countingOf({ canary, stable }: MetricsOptions['arms']): Counting {
  if (canary.group === null) return 'own';
  return stable.group === null ? 'together' : 'each';
}

const COUNTED: Readonly<Record<Counting, Pick<MetricsRead, 'counted' | 'arms'>>> = {
  each: {},
  own: { counted: 'messages' },
  together: { arms: 'together' },
};

const FALLBACK =
  'CloudWatch does not count slow requests here (it refused the statistic TC), so latency is compared by percentiles: that needs eleven periods or more.';

const REFUSED_STATISTIC = ['ValidationError', 'ValidationException', 'InvalidParameterValue'] as const;

/**
 * The stable arm's percentiles over the hour before the rollout, each as the median of its periods,
 * so that one bad minute does not decide. Without traffic in that hour, latency is not compared.
 */
async function freezeLatency(
  reader: SeriesReader,
  { arms, startedAt, judging }: MetricsOptions,
): Promise<LatencyQuestion> {
  if (arms.stable.group === null) return { by: 'nothing' };
  const queries = thresholdQueries(arms.stable.group, judging.metricPeriod / SECOND);
  const { series } = await reader.read(queries, startedAt - HOUR, startedAt);
  const thresholds = LATENCY_STATISTICS.map((percentile) =>
    median([...(series.get(percentile)?.values() ?? [])]),
  );
  if (!thresholds.every((threshold) => threshold !== null)) return { by: 'nothing' };
  return { by: 'counts', thresholds, margin: judging.latencyMargin };
}

async function readErrorsBefore(
  reader: SeriesReader,
  { arms, startedAt, judging }: MetricsOptions,
): Promise<readonly number[]> {
  const latency = { by: 'nothing' } as const;
  const period = judging.metricPeriod;
  const origin = Math.floor((startedAt - 3 * HOUR) / period) * period;
  const { series } = await reader.read(queriesFor(arms, period / SECOND, latency), origin, startedAt);
  const minutes = minutesOf(series, { origin, period, finishedBy: startedAt }, latency);
  const before = countingOf(arms) === 'together' ? 'canary' : 'stable';
  return minutes.map((minute) => minute[before]?.errors ?? 0);
}

/**
 * The error rate that both revisions together may have. When the service usually exceeds
 * max-error-rate, the limit is twice the usual rate, because the excess is not caused by the
 * release. The usual rate is the median of the hour before, so that a bad release in that hour does
 * not raise the limit for the next.
 */
async function freezeLimit(
  reader: SeriesReader,
  { arms, startedAt, judging, notice }: MetricsOptions,
): Promise<number> {
  const { maxErrorRate, metricPeriod: period } = judging;
  const origin = Math.floor((startedAt - HOUR) / period) * period;
  const { series } = await reader.read(queriesFor(arms, period / SECOND, NO_LATENCY), origin, startedAt);
  const minutes = minutesOf(series, { origin, period, finishedBy: startedAt }, NO_LATENCY);
  const rates = minutes.flatMap(({ canary }) => (canary ? [(canary.errors ?? 0) / canary.requests] : []));
  const usual = median(rates) ?? 0;
  if (usual <= maxErrorRate) return maxErrorRate;
  const limit = Math.min(2 * usual, HIGHEST_LIMIT);
  notice?.(
    `In the hour before the rollout, the median error rate was ${inPercent(usual)}, more than max-error-rate (${inPercent(maxErrorRate)}): the limit for this release is ${inPercent(limit)}.`,
  );
  return limit;
}

const HIGHEST_LIMIT = 0.9;
const inPercent = (rate: number) => `${Number((100 * rate).toFixed(1))}%`;
const NO_LATENCY = { by: 'nothing' } as const;

function median(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}
