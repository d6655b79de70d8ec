import { GetMetricDataCommand, type CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeTasksCommand,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  type ECSClient,
} from '@aws-sdk/client-ecs';
import type { CustomMetric } from '../../core/request.ts';
import { customQueries } from '../metrics/custom.ts';
import { queriesFor } from '../metrics/queries.ts';
import { balancedGroup, type BalancedGroup } from '../traffic/balanced-group.ts';
import { MINUTE, SECOND } from '../../core/time/clock.ts';
import type { ServiceFacts } from '../traffic/service-facts.ts';
import { errorText } from '../../core/failure.ts';

export interface ReadingClients {
  readonly ecs: ECSClient;
  readonly cloudWatch: CloudWatchClient;
}

/**
 * Tries each read of the rollout once that the preflight does not make anyway, so that a missing
 * permission is reported now and not during the rollout.
 */
export async function unreadFacts(
  facts: ServiceFacts,
  { ecs, cloudWatch }: ReadingClients,
  { now, metrics }: { readonly now: number; readonly metrics: readonly CustomMetric[] },
): Promise<string[]> {
  const { taskDefinitionArn } = facts;
  const arms = groupsOf(facts).map((group) => ({ taskDefinitionArn, group }));
  const [canary, stable] = [arms[0]!, arms.at(-1)!];
  const queries = [
    ...queriesFor({ canary, stable }, MINUTE / SECOND, { by: 'nothing' }),
    ...customQueries({ canary, stable }, MINUTE / SECOND, metrics),
  ].slice(0, 1);
  const problems = [unreadDeployments(facts, ecs), unreadTasks(facts, ecs)];
  if (queries.length > 0) {
    problems.push(
      attempt(() =>
        cloudWatch.send(
          new GetMetricDataCommand({
            MetricDataQueries: queries,
            StartTime: new Date(now - 5 * MINUTE),
            EndTime: new Date(now),
          }),
        ),
      ),
    );
  }
  return (await Promise.all(problems)).flat();
}

function groupsOf({ routing }: ServiceFacts): readonly (BalancedGroup | null)[] {
  switch (routing.kind) {
    case 'two-groups':
      return routing.targetGroups.map((group) => balancedGroup(group, routing.loadBalancerArn));
    case 'one-group':
      return [routing.group, null];
    case 'none':
      return [null, null];
  }
}

/** Tries the newest deployment, in place of the one that the rollout will start. */
async function unreadDeployments(
  { cluster, name: service }: ServiceFacts,
  ecs: ECSClient,
): Promise<readonly string[]> {
  return attempt(async () => {
    const { serviceDeployments } = await ecs.send(new ListServiceDeploymentsCommand({ cluster, service }));
    const { serviceDeploymentArn: deployment, targetServiceRevisionArn: revision } =
      serviceDeployments?.[0] ?? {};
    const problems = await Promise.all([
      attempt(
        async () =>
          deployment &&
          ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [deployment] })),
      ),
      attempt(
        async () =>
          revision && ecs.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns: [revision] })),
      ),
    ]);
    return problems.flat();
  });
}

async function unreadTasks(
  { cluster, name: serviceName }: ServiceFacts,
  ecs: ECSClient,
): Promise<readonly string[]> {
  return attempt(async () => {
    const { taskArns } = await ecs.send(new ListTasksCommand({ cluster, serviceName }));
    const task = taskArns?.[0];
    if (!task) return [];
    return attempt(() => ecs.send(new DescribeTasksCommand({ cluster, tasks: [task] })));
  });
}

/** The problem with a read, in words. When the read returns a list, the list is its problems. */
async function attempt(read: () => Promise<unknown>): Promise<readonly string[]> {
  try {
    const found = await read();
    return Array.isArray(found) ? found : [];
  } catch (error) {
    return [errorText(error)];
  }
}
