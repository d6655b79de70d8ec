import type { ArmName, Counts, Minute } from '../../judge/recording.ts';
import type { CustomMetric } from '../../core/request.ts';
import { customCounts } from './custom.ts';
import { unanswered } from './no-response.ts';
import { idOf, type LatencyQuestion } from './queries.ts';

/** Values by series id, then by the start of the period (milliseconds since 1970). */
export type Series = ReadonlyMap<string, ReadonlyMap<number, number>>;

/**
 * What counts the arms: each its own target group, both one target group, or only the user's own
 * metrics.
 */
export type Counting = 'each' | 'together' | 'own';

export interface Window {
  /** Start of period t = 0, milliseconds since 1970. */
  readonly origin: number;
  /** Milliseconds. */
  readonly period: number;
  /** Only periods that ended by this time count. */
  readonly finishedBy: number;
}

interface Asked {
  readonly latency: LatencyQuestion;
  readonly own: readonly CustomMetric[];
}

/**
 * Converts the series of CloudWatch to the minutes of the judge, from the origin to the last
 * finished period. Minutes without traffic are omitted. Pure.
 */
export function minutesOf(
  series: Series,
  window: Window,
  latency: LatencyQuestion,
  own: readonly CustomMetric[] = [],
  counting: Counting = 'each',
): Minute[] {
  const periods = Math.max(0, Math.floor((window.finishedBy - window.origin) / window.period));
  const starts = Array.from({ length: periods }, (_, t) => window.origin + t * window.period);
  const count = COUNTS_BY[counting];
  const canary = count.canary(series, 'canary', starts, { latency, own });
  const stable = count.stable(series, 'stable', starts, { latency, own });
  return starts.flatMap((_, t) => {
    const arms = { ...(canary[t] && { canary: canary[t] }), ...(stable[t] && { stable: stable[t] }) };
    return canary[t] || stable[t] ? [{ t, ...arms }] : [];
  });
}

/**
 * In one target group, the requests are those to both revisions. Only the user's own counts
 * separate them.
 */
const COUNTS_BY = {
  each: { canary: countsOf, stable: countsOf },
  own: { canary: ownCountsOf, stable: ownCountsOf },
  together: { canary: countsOf, stable: ownAlone },
} as const satisfies Record<Counting, Record<ArmName, typeof countsOf>>;

/** One arm's counts by period; `null` for a period without requests. */
function countsOf(
  series: Series,
  arm: ArmName,
  starts: readonly number[],
  { latency, own }: Asked,
): (Counts | null)[] {
  const valueOf = (name: string, at: number) => series.get(idOf(arm, name))?.get(at);
  // These metrics are absent when they are zero, as long as there were requests.
  const requests = starts.map((at) => valueOf('requests', at) ?? 0);
  const answered = starts.map((at) =>
    ['s2', 's3', 's4', 's5'].reduce((sum, name) => sum + (valueOf(name, at) ?? 0), 0),
  );
  const noResponse = unanswered(requests, answered);
  return starts.map((at, t) => {
    const asked = requests[t]!;
    if (asked === 0) return null;
    const errors = Math.min(asked, (valueOf('s5', at) ?? 0) + noResponse[t]!);
    const valueThen = (name: string) => valueOf(name, at);
    return {
      requests: asked,
      errors,
      ...latencyOf(valueThen, arm, asked, latency),
      ...customCounts(own, valueThen),
    };
  });
}

/**
 * Without a load balancer, the sum of the user's own counts is used as requests; `null` for a
 * period without data.
 */
function ownCountsOf(
  series: Series,
  arm: ArmName,
  starts: readonly number[],
  { own }: Asked,
): (Counts | null)[] {
  return starts.map((at) => {
    const told = customCounts(own, (name) => series.get(idOf(arm, name))?.get(at));
    if (!told.custom && !told.readings) return null;
    const counts = Object.values(told.custom ?? {});
    const sum = (part: 'bad' | 'of') => counts.reduce((total, count) => total + count[part], 0);
    return { requests: sum('of'), errors: sum('bad'), ...told };
  });
}

/**
 * The user's own metrics of one revision, without requests, which cannot be assigned to a revision.
 */
function ownAlone(
  series: Series,
  arm: ArmName,
  starts: readonly number[],
  { own }: Asked,
): (Counts | null)[] {
  return starts.map((at) => {
    const told = customCounts(own, (name) => series.get(idOf(arm, name))?.get(at));
    return told.custom || told.readings ? { requests: 0, ...told } : null;
  });
}

function latencyOf(
  value: (name: string) => number | undefined,
  arm: ArmName,
  requests: number,
  latency: LatencyQuestion,
): Pick<Counts, 'slow' | 'percentiles'> {
  const values = [0, 1, 2].map((index) => value(`slow${index}`));
  switch (latency.by) {
    case 'counts':
      // Rounds in favour of the canary: its count is rounded down, that of the stable arm up.
      return {
        slow: values.map((count = 0) =>
          Math.min(requests, arm === 'canary' ? Math.floor(count) : Math.ceil(count)),
        ),
      };
    case 'percentiles':
      return values.every((percentile) => percentile !== undefined) ? { percentiles: values } : {};
    case 'nothing':
      return {};
  }
}
