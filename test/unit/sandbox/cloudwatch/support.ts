import type { GetMetricDataInput, GetMetricDataOutput } from '@aws-sdk/client-cloudwatch';
import { createCloudWatch } from '../../../../sandbox/cloudwatch/cloudwatch.ts';
import type { CloudWatchOptions } from '../../../../sandbox/cloudwatch/cloudwatch.ts';
import type { Caller } from '../../../../sandbox/wire/service.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

const caller: Caller = { account: '123456789012', region: 'eu-central-1', accessKeyId: 'test' };

export const NOON = Date.UTC(2026, 10, 21, 12);
export const CANARY = { LoadBalancer: 'app/shop/1', TargetGroup: 'targetgroup/green/2' };

/** A CloudWatch at noon with short helpers for the tests. */
export function cloudWatchAtNoon(options: Partial<Omit<CloudWatchOptions, 'clock'>> = {}) {
  const clock = createVirtualClock(NOON);
  const { service, sink } = createCloudWatch({ clock, lag: 0, ...options });

  // oxlint-disable-next-line typescript/no-explicit-any -- inputs are checked where they are written, with the SDK's types
  const call = (operation: string, input: any): any => service.operations[operation]!(input, caller);

  const record = (metric: string, at: number, ...values: number[]) => {
    for (const value of values) {
      sink.record({
        namespace: 'AWS/ApplicationELB',
        metric,
        dimensions: [CANARY],
        at,
        value,
        unit: 'Count',
      });
    }
  };

  /** Reads the first five minutes after noon, oldest first. */
  const getMetricData = (
    queries: GetMetricDataInput['MetricDataQueries'],
    rest: Partial<GetMetricDataInput> = {},
  ): GetMetricDataOutput =>
    call('GetMetricData', {
      MetricDataQueries: queries,
      StartTime: new Date(NOON),
      EndTime: new Date(NOON + 300_000),
      ScanBy: 'TimestampAscending',
      ...rest,
    } satisfies GetMetricDataInput);

  return { clock, call, record, getMetricData };
}

/** A MetricStat of the canary's target group. */
export const query = (metric: string, stat: string, period = 60) => ({
  Metric: {
    Namespace: 'AWS/ApplicationELB',
    MetricName: metric,
    Dimensions: Object.entries(CANARY).map(([Name, Value]) => ({ Name, Value })),
  },
  Stat: stat,
  Period: period,
});

/** Points as pairs: seconds since noon, value. */
export function pointsOf(output: GetMetricDataOutput, id = 'm'): [seconds: number, value: number][] {
  const result = output.MetricDataResults!.find(({ Id }) => Id === id)!;
  return result.Timestamps!.map((at, i) => [(at.getTime() - NOON) / 1_000, result.Values![i]!]);
}
