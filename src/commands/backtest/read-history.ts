import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { Clients } from '../../aws/clients.ts';
import type { Minute } from '../../judge/recording.ts';
import { createMetrics } from '../../rollout/metrics/metrics.ts';
import type { Milliseconds } from '../../core/time/clock.ts';
import type { Arm } from '../../rollout/traffic/traffic-mover.ts';
import type { History, Served } from './history.ts';
import { targetGroupsOf } from './target-groups.ts';
import { UserError } from '../../core/failure.ts';

export interface HistoryRequest {
  readonly service: string;
  readonly cluster: string;
  /** Milliseconds since 1970; whole periods between them are read. */
  readonly from: number;
  readonly to: number;
  readonly period: Milliseconds;
  readonly latencyMargin: number;
}

/**
 * Reads the traffic of a service's target groups from CloudWatch. Of two target groups, the one
 * with more requests counts in each period. Rejects with UserError.
 */
export async function readTrafficHistory(wanted: HistoryRequest, clients: Clients): Promise<History> {
  const groups = await targetGroupsOf(wanted, clients);
  const cloudWatch = await clients.cloudWatch();
  const origin = Math.floor(wanted.from / wanted.period) * wanted.period;
  const found = await Promise.all(
    groups.map((group) => servedBy(group, { ...wanted, from: origin }, cloudWatch)),
  );
  const serving = new Map<number, Served>();
  for (const served of found.flat()) {
    if (served.requests > (serving.get(served.t)?.requests ?? 0)) serving.set(served.t, served);
  }
  return {
    origin,
    period: wanted.period,
    periods: Math.floor((wanted.to - origin) / wanted.period),
    served: [...serving.values()].sort((a, b) => a.t - b.t),
  };
}

/** Uses the group as both arms, to count slow requests over the thresholds and over the margin. */
async function servedBy(
  group: Arm,
  { from, to, period, latencyMargin }: HistoryRequest,
  cloudWatch: CloudWatchClient,
): Promise<readonly Served[]> {
  const metrics = createMetrics({
    cloudWatch,
    arms: { canary: group, stable: group },
    judging: {
      metricPeriod: period,
      metricDelay: 0,
      latencyMargin,
      // Only the judge uses these.
      warmUp: 0,
      falseAlarmRate: 0,
      errorTolerance: 0,
      maxErrorRate: 0,
    },
    sticky: false,
    startedAt: from,
  });
  const { minutes, missing } = await metrics.read(from, to);
  if (missing !== null) throw new UserError(missing);
  return minutes.map(servedIn);
}

function servedIn({ t, canary, stable }: Minute): Served {
  const [overThreshold, overMargin] = [stable?.slow, canary?.slow];
  return {
    t,
    requests: stable?.requests ?? 0,
    errors: stable?.errors ?? 0,
    slow: overThreshold && overMargin ? { overThreshold, overMargin } : null,
  };
}
