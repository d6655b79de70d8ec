import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { hasCode } from '../../aws/errors.ts';
import type { CustomMetric, Judging } from '../../core/request.ts';
import { dispersion } from '../../judge/dispersion.ts';
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
  /** What CloudWatch did not give, in words: the judge must hold. Null: nothing is missing. */
  readonly missing: string | null;
  /** Variance to mean of the stable arm's errors before the rollout; 1 without sticky sessions. */
  readonly dispersion: number;
  /** The limit that is held against the canary: max-error-rate, unless the service is usually over it. */
  readonly maxErrorRate: number;
  /** Metrics asked for since the beginning: what CloudWatch charges for. */
  readonly asked: number;
  /** The frozen latency thresholds, in seconds; null where latency is not counted against any. */
  readonly thresholds: readonly number[] | null;
  /** Absent: requests. Else what the user's own metrics count. */
  readonly counted?: 'messages';
  /** The canary's requests are those to both versions. Absent: its own. */
  readonly arms?: 'together';
}

export interface Metrics {
  /** Everything from the origin to the last finished period, read anew: late and growing points are seen. Never rejects. */
  read(origin: number, now: number): Promise<MetricsRead>;
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
  const counting = countingOf(arms);
  const counted = COUNTED[counting];
  const reader = createSeriesReader(options.cloudWatch);
  let latency: LatencyQuestion | null = null;
  let clumps: number | null = null;
  let maxErrorRate = counting === 'together' ? null : judging.maxErrorRate;

  async function read(from: number, to: number): Promise<SeriesRead> {
    latency ??= await freezeLatency(reader, options);
    clumps ??= options.sticky ? await freezeDispersion(reader, options) : 1;
    maxErrorRate ??= await freezeLimit(reader, options);
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
          missing: complete ? null : 'CloudWatch gave only part of the metrics.',
          thresholds: latency!.by === 'counts' ? latency!.thresholds : null,
          dispersion: clumps!,
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

/** What is counted of the arms: by the load balancer for each, for both together, or by the user's own metrics alone. */
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
  const thresholds = LATENCY_STATISTICS.map((percentile) =>
    median([...(series.get(percentile)?.values() ?? [])]),
  );
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
  const before = countingOf(arms) === 'together' ? 'canary' : 'stable';
  return dispersion(minutes.map((minute) => minute[before]?.errors ?? 0));
}

/**
 * What both versions together may fail. A service that is usually over max-error-rate is not over it because of the release: then it
 * is twice what is usual. Usual is the median of the hour before, so that a bad release in it does not make way for the next.
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
    `In the hour before, ${inPercent(usual)} of the requests failed as a rule, more than max-error-rate (${inPercent(maxErrorRate)}): the limit for this release is ${inPercent(limit)}.`,
  );
  return limit;
}

const HIGHEST_LIMIT = 0.9;
const inPercent = (rate: number) => `${Number((100 * rate).toFixed(1))}%`;
const NO_LATENCY = { by: 'nothing' } as const;

function median(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}
