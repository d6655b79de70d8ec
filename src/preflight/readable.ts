import { GetMetricDataCommand, type CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ListServiceDeploymentsCommand, ListTasksCommand, type ECSClient } from '@aws-sdk/client-ecs';
import {
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { inWords } from '../aws/refusals.ts';
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
  now: number,
): Promise<string[]> {
  const { clusterArn: cluster, name: service } = facts;
  const [first, second] = facts.balancer.targetGroups.map((group) =>
    balancedGroup(group, facts.balancer.loadBalancerArn),
  );
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
    [
      'elasticloadbalancing:DescribeTargetHealth',
      `target group ${first!.targetGroup}`,
      () => elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: facts.balancer.targetGroups[0] })),
    ],
    [
      'cloudwatch:GetMetricData',
      'the metrics',
      () =>
        cloudWatch.send(
          new GetMetricDataCommand({
            MetricDataQueries: queriesFor(
              { canary: { group: first! }, stable: { group: second! } },
              MINUTE / SECOND,
              {
                by: 'nothing',
              },
            ).slice(0, 1),
            StartTime: new Date(now - 5 * MINUTE),
            EndTime: new Date(now),
          }),
        ),
    ],
  ];
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
