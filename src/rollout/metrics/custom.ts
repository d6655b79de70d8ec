import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { CustomMetric, MetricName } from '../../core/request.ts';
import type { ArmName, Counts, CustomCount } from '../../judge/recording.ts';
import type { Arm } from '../traffic/traffic-mover.ts';
import { idOf } from './queries.ts';

/** The user's own metrics: their queries and results. Pure. */

/** `period` is in seconds. */
export function customQueries(
  arms: Readonly<Record<ArmName, Arm>>,
  period: number,
  metrics: readonly CustomMetric[],
): MetricDataQuery[] {
  return (['canary', 'stable'] as const).flatMap((name) =>
    metrics.flatMap((metric, index) =>
      seriesOf(metric, index).map(({ series, of, statistic }) => ({
        Id: idOf(name, series),
        MetricStat: {
          Metric: {
            Namespace: of.namespace,
            MetricName: of.metric,
            Dimensions: Object.entries(of.dimensions).map(([Name, value]) => ({
              Name,
              Value: filled(value, arms[name]),
            })),
          },
          Period: period,
          Stat: statistic,
        },
        ReturnData: true,
      })),
    ),
  );
}

/**
 * One arm's counts and readings in a period. `valueOf` returns the value of a series, or undefined
 * when there is none.
 */
export function customCounts(
  metrics: readonly CustomMetric[],
  valueOf: (series: string) => number | undefined,
): Pick<Counts, 'custom' | 'readings'> {
  const custom: Record<string, CustomCount> = {};
  const readings: Record<string, number> = {};
  metrics.forEach((metric, index) => {
    if (metric.kind === 'limit') {
      const value = valueOf(`own${index}_value`);
      if (value !== undefined) readings[metric.name] = value / metric.max;
      return;
    }
    const total = (part: 'bad' | 'total') =>
      metric[part].reduce((sum, _, at) => sum + (valueOf(`own${index}_${part}${at}`) ?? 0), 0);
    const of = total('total');
    if (of > 0) custom[metric.name] = { bad: Math.min(total('bad'), of), of };
  });
  return {
    ...(Object.keys(custom).length > 0 && { custom }),
    ...(Object.keys(readings).length > 0 && { readings }),
  };
}

function seriesOf(
  metric: CustomMetric,
  index: number,
): readonly { readonly series: string; readonly of: MetricName; readonly statistic: string }[] {
  if (metric.kind === 'limit') {
    return [{ series: `own${index}_value`, of: metric.metric, statistic: metric.statistic }];
  }
  return (['bad', 'total'] as const).flatMap((part) =>
    metric[part].map((of, at) => ({ series: `own${index}_${part}${at}`, of, statistic: 'Sum' })),
  );
}

function filled(value: string, arm: Arm): string {
  const taskDefinition = arm.taskDefinitionArn.split('task-definition/')[1] ?? '';
  const [family = '', revision = ''] = taskDefinition.split(':');
  const values: Readonly<Record<string, string>> = {
    revision,
    family,
    'task-definition': taskDefinition,
    'target-group': arm.group?.targetGroup ?? '',
    'load-balancer': arm.group?.loadBalancer ?? '',
  };
  return value.replaceAll(/\{([a-z-]+)\}/g, (_, placeholder: string) => values[placeholder] ?? '');
}
