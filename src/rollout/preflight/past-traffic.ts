import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DAY, MINUTE, SECOND, type Milliseconds } from '../../core/time/clock.ts';
import { queryOf } from '../metrics/queries.ts';
import { createSeriesReader } from '../metrics/series.ts';
import { balancedGroup } from '../traffic/balanced-group.ts';
import type { TwoGroups } from '../traffic/service-facts.ts';
import type { PastTraffic } from './expected-time.ts';

const LOOKED_AT = 3 * DAY;
const PERIOD = 5 * MINUTE;
const COUNTS = { requests: 'RequestCount', errors: 'HTTPCode_Target_5XX_Count' };

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
    const group = balancedGroup(arn, loadBalancerArn);
    return Object.entries(COUNTS).map(([name, metric]) =>
      queryOf(`${name}${index}`, group, { metric, stat: 'Sum', period: PERIOD / SECOND }),
    );
  });
  const { series } = await createSeriesReader(cloudWatch).read(queries, end - LOOKED_AT, end);
  const of = (name: string) =>
    [...series]
      .flatMap(([id, values]) => (id.startsWith(name) ? [...values] : []))
      .filter(([, count]) => count > 0);
  const sum = (name: string) => of(name).reduce((all, [, count]) => all + count, 0);
  const requests = sum('requests');
  const first = Math.min(end, ...of('requests').map(([at]) => at));
  const over: Milliseconds = requests === 0 ? LOOKED_AT : Math.max(PERIOD, end - first);
  return {
    requestsPerSecond: requests / (over / SECOND),
    errorRate: requests === 0 ? 0 : Math.min(1, sum('errors') / requests),
    over: Math.round(over / MINUTE) * MINUTE,
  };
}
