import type { ArmName } from '../../judge/recording.ts';
import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { BalancedGroup } from '../traffic/balanced-group.ts';
import type { Arm } from '../traffic/traffic-mover.ts';

/** The CloudWatch queries for each arm, and the ids of their results. Pure. */

/** The percentiles that represent typical, slow and very slow requests. */
export const LATENCY_STATISTICS = ['p50', 'p90', 'p99'] as const;

/**
 * How latency is measured: counts of requests over frozen thresholds (seconds), percentiles when
 * CloudWatch refuses counts, or not at all.
 */
export type LatencyQuestion =
  | { readonly by: 'counts'; readonly thresholds: readonly number[]; readonly margin: number }
  | { readonly by: 'percentiles' }
  | { readonly by: 'nothing' };

const COUNTS = {
  requests: 'RequestCount',
  s2: 'HTTPCode_Target_2XX_Count',
  s3: 'HTTPCode_Target_3XX_Count',
  s4: 'HTTPCode_Target_4XX_Count',
  s5: 'HTTPCode_Target_5XX_Count',
} as const;

/** `canary_requests`, `stable_slow1` and so on. */
export function idOf(arm: ArmName, series: string): string {
  return `${arm}_${series}`;
}

/**
 * At most 16 queries, in one GetMetricData call, whatever the length of the rollout. No queries for
 * an arm without a load balancer. `period` is in seconds.
 */
export function queriesFor(
  arms: Readonly<Record<ArmName, Pick<Arm, 'group'>>>,
  period: number,
  latency: LatencyQuestion,
): MetricDataQuery[] {
  return (['canary', 'stable'] as const).flatMap((name) => {
    const { group } = arms[name];
    if (group === null) return [];
    const query = (series: string, metric: string, stat: string) =>
      queryOf(idOf(name, series), group, { metric, stat, period });
    return [
      ...Object.entries(COUNTS).map(([series, metric]) => query(series, metric, 'Sum')),
      ...latencyStatistics(name, latency).map((stat, index) =>
        query(`slow${index}`, 'TargetResponseTime', stat),
      ),
    ];
  });
}

/** The percentiles of one arm, for the thresholds. `period` is in seconds. */
export function thresholdQueries(group: BalancedGroup, period: number): MetricDataQuery[] {
  return LATENCY_STATISTICS.map((stat) =>
    queryOf(stat, group, { metric: 'TargetResponseTime', stat, period }),
  );
}

function latencyStatistics(arm: ArmName, latency: LatencyQuestion): readonly string[] {
  switch (latency.by) {
    case 'counts':
      return latency.thresholds.map((threshold) => {
        const from = arm === 'canary' ? threshold * latency.margin : threshold;
        return `TC(${seconds(from)}:)`;
      });
    case 'percentiles':
      return LATENCY_STATISTICS;
    case 'nothing':
      return [];
  }
}

/** CloudWatch accepts plain decimals, no exponents. */
function seconds(value: number): string {
  return value.toFixed(6).replace(/\.?0+$/, '');
}

/** One statistic of a target group. `period` is in seconds. */
export function queryOf(
  id: string,
  { targetGroup, loadBalancer }: BalancedGroup,
  { metric, stat, period }: { readonly metric: string; readonly stat: string; readonly period: number },
): MetricDataQuery {
  const Dimensions = [
    { Name: 'TargetGroup', Value: targetGroup },
    { Name: 'LoadBalancer', Value: loadBalancer },
  ];
  return {
    Id: id,
    MetricStat: {
      Metric: { Namespace: 'AWS/ApplicationELB', MetricName: metric, Dimensions },
      Period: period,
      Stat: stat,
    },
    ReturnData: true,
  };
}
