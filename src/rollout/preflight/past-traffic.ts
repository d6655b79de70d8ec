import { GetMetricDataCommand, type CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DAY, MINUTE, SECOND, type Milliseconds } from '../../core/time/clock.ts';
import { balancedGroup } from '../traffic/balanced-group.ts';
import type { TwoGroups } from '../traffic/service-facts.ts';
import type { PastTraffic } from './expected-time.ts';

const LOOKED_AT = 3 * DAY;
const PERIOD = 5 * MINUTE;

/**
 * The average traffic of both target groups in the last three days, or since the first request if
 * that is later. One call. Rejects with UserError.
 */
export async function readPastTraffic(
  cloudWatch: CloudWatchClient,
  { targetGroups, loadBalancerArn }: TwoGroups,
  { now, metricDelay }: { readonly now: number; readonly metricDelay: Milliseconds },
): Promise<PastTraffic> {
  // Newer counts may still grow.
  const end = now - metricDelay;
  const queries = targetGroups.flatMap((arn, index) => {
    const { targetGroup, loadBalancer } = balancedGroup(arn, loadBalancerArn);
    const Dimensions = [
      { Name: 'TargetGroup', Value: targetGroup },
      { Name: 'LoadBalancer', Value: loadBalancer },
    ];
    return [
      ['requests', 'RequestCount'],
      ['errors', 'HTTPCode_Target_5XX_Count'],
    ].map(([name, MetricName]) => ({
      Id: `${name}${index}`,
      MetricStat: {
        Metric: { Namespace: 'AWS/ApplicationELB', MetricName, Dimensions },
        Period: PERIOD / SECOND,
        Stat: 'Sum',
      },
    }));
  });
  const results: { readonly id: string; readonly at: number; readonly value: number }[] = [];
  let NextToken: string | undefined;
  do {
    const page = await cloudWatch.send(
      new GetMetricDataCommand({
        MetricDataQueries: queries,
        StartTime: new Date(end - LOOKED_AT),
        EndTime: new Date(end),
        ...(NextToken && { NextToken }),
      }),
    );
    for (const { Id = '', Timestamps = [], Values = [] } of page.MetricDataResults ?? [])
      for (const [index, at] of Timestamps.entries())
        results.push({ id: Id, at: at.getTime(), value: Values[index] ?? 0 });
    NextToken = page.NextToken;
  } while (NextToken);
  const of = (name: string) => results.filter(({ id, value }) => id.startsWith(name) && value > 0);
  const sum = (name: string) => of(name).reduce((all, { value }) => all + value, 0);
  const requests = sum('requests');
  const first = Math.min(end, ...of('requests').map(({ at }) => at));
  const over: Milliseconds = requests === 0 ? LOOKED_AT : Math.max(PERIOD, end - first);
  return {
    requestsPerSecond: requests / (over / SECOND),
    errorRate: requests === 0 ? 0 : Math.min(1, sum('errors') / requests),
    over: Math.round(over / MINUTE) * MINUTE,
  };
}
