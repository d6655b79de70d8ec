import { expect, test } from '@jest/globals';
import type { CustomMetric } from '../../../../src/core/request.ts';
import { customCounts, customQueries } from '../../../../src/rollout/metrics/custom.ts';

const arm = (revision: number) => ({
  taskDefinitionArn: `arn:aws:ecs:eu-west-1:123456789012:task-definition/web:${revision}`,
  group: {
    targetGroupArn: '',
    targetGroup: `targetgroup/${revision}/x`,
    loadBalancer: 'app/shop/y',
  },
});
const failed: CustomMetric = {
  name: 'failed checkouts',
  kind: 'counts',
  bad: ['CheckoutFailed', 'CheckoutLost'].map((metric) => ({
    namespace: 'Shop/Web',
    metric,
    dimensions: { R: '{revision}' },
  })),
  total: [{ namespace: 'Shop/Web', metric: 'Checkout', dimensions: { R: '{family}-{revision}' } }],
};
const queue: CustomMetric = {
  name: 'queue',
  kind: 'limit',
  statistic: 'Maximum',
  metric: {
    namespace: 'Shop',
    metric: 'Age',
    dimensions: { Task: '{task-definition}', Group: '{target-group}' },
  },
  max: 60,
};

test('each revision has its own queries', () => {
  const queries = customQueries({ canary: arm(8), stable: arm(7) }, 60, [failed, queue]);
  const asked = queries.map(({ Id, MetricStat }) => [
    Id,
    MetricStat!.Metric!.MetricName,
    MetricStat!.Stat,
    MetricStat!.Metric!.Dimensions!.map(({ Value }) => Value).join(' '),
  ]);
  expect(asked).toEqual([
    ['canary_own0_bad0', 'CheckoutFailed', 'Sum', '8'],
    ['canary_own0_bad1', 'CheckoutLost', 'Sum', '8'],
    ['canary_own0_total0', 'Checkout', 'Sum', 'web-8'],
    ['canary_own1_value', 'Age', 'Maximum', 'web:8 targetgroup/8/x'],
    ['stable_own0_bad0', 'CheckoutFailed', 'Sum', '7'],
    ['stable_own0_bad1', 'CheckoutLost', 'Sum', '7'],
    ['stable_own0_total0', 'Checkout', 'Sum', 'web-7'],
    ['stable_own1_value', 'Age', 'Maximum', 'web:7 targetgroup/7/x'],
  ]);
});

test('counts are summed, missing ones are zero if there is a total, and a reading is relative to its limit', () => {
  const values: Record<string, number> = { own0_bad1: 2, own0_total0: 40, own1_value: 90 };
  expect(customCounts([failed, queue], (series) => values[series])).toEqual({
    custom: { 'failed checkouts': { bad: 2, of: 40 } },
    readings: { queue: 1.5 },
  });
  expect(customCounts([failed, queue], () => undefined)).toEqual({});
});
