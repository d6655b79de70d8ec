import { GetMetricDataCommand, type CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ListServiceDeploymentsCommand, ListTasksCommand, type ECSClient } from '@aws-sdk/client-ecs';
import {
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { inWords } from '../aws/refusals.ts';
import type { CustomMetric } from '../inputs/request.ts';
import { customQueries } from '../metrics/custom.ts';
import { queriesFor } from '../metrics/queries.ts';
import { balancedGroup } from '../traffic/balanced-group.ts';
import { MINUTE, SECOND } from '../time/clock.ts';
import type { ServiceFacts } from '../traffic/service-facts.ts';

export interface ReadingClients {
  readonly ecs: ECSClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly cloudWatch: CloudWatchClient;
}

/** Tries once what the rollout will read again and again: a missing permission is told now, not at 10%. */
export async function unreadable(
  facts: ServiceFacts,
  { ecs, elb, cloudWatch }: ReadingClients,
  { now, metrics }: { readonly now: number; readonly metrics: readonly CustomMetric[] },
): Promise<string[]> {
  const { clusterArn: cluster, name: service, balancer } = facts;
  const arms = (balancer?.targetGroups ?? [null]).map((group) => ({
    taskDefinitionArn: facts.taskDefinitionArn,
    group: group === null ? null : balancedGroup(group, balancer!.loadBalancerArn),
  }));
  const [canary, stable] = [arms[0]!, arms.at(-1)!];
  const queries = [
    ...queriesFor({ canary, stable }, MINUTE / SECOND, { by: 'nothing' }),
    ...customQueries({ canary, stable }, MINUTE / SECOND, metrics),
  ].slice(0, 1);
  const reads: [action: string, on: string, read: () => Promise<unknown>][] = [
    [
      'ecs:ListServiceDeployments',
      `service ${service}`,
      () => ecs.send(new ListServiceDeploymentsCommand({ cluster, service })),
    ],
    [
      'ecs:ListTasks',
      `cluster ${cluster}`,
      () => ecs.send(new ListTasksCommand({ cluster, serviceName: service })),
    ],
  ];
  if (canary.group !== null) {
    const { targetGroup, targetGroupArn: TargetGroupArn } = canary.group;
    reads.push([
      'elasticloadbalancing:DescribeTargetHealth',
      `target group ${targetGroup}`,
      () => elb.send(new DescribeTargetHealthCommand({ TargetGroupArn })),
    ]);
  }
  if (queries.length > 0) {
    reads.push([
      'cloudwatch:GetMetricData',
      'the metrics',
      () =>
        cloudWatch.send(
          new GetMetricDataCommand({
            MetricDataQueries: queries,
            StartTime: new Date(now - 5 * MINUTE),
            EndTime: new Date(now),
          }),
        ),
    ]);
  }
  const problems = await Promise.all(
    reads.map(([action, on, read]) =>
      read().then(
        () => null,
        (error: unknown) => inWords(error, action, on),
      ),
    ),
  );
  return problems.filter((problem) => problem !== null);
}
