import {
  DescribeTasksCommand,
  ListClustersCommand,
  ListTasksCommand,
  type ECSClient,
  type Service,
} from '@aws-sdk/client-ecs';
import { allPages } from '../aws/all-pages.ts';
import { explained } from '../aws/refusals.ts';
import { everyService } from '../aws/every-service.ts';

/** The task definitions that any service, deployment or task of the region names, in all of its clusters. Rejects with Refused: half a list is none. */
export async function taskDefinitionsInUse(ecs: ECSClient): Promise<ReadonlySet<string>> {
  const inUse = new Set<string>();
  for (const cluster of await clustersOf(ecs)) {
    const services = await everyService(ecs, cluster);
    for (const arn of [...services.flatMap(namedBy), ...(await runningIn(ecs, cluster))]) inUse.add(arn);
  }
  return inUse;
}

function namedBy({ taskDefinition, deployments = [], taskSets = [] }: Service): readonly string[] {
  return [{ taskDefinition }, ...deployments, ...taskSets].flatMap((naming) => naming.taskDefinition ?? []);
}

async function clustersOf(ecs: ECSClient): Promise<readonly string[]> {
  return allPages(async (nextToken) => {
    const listed = ecs.send(new ListClustersCommand({ ...(nextToken && { nextToken }) }));
    const page = await explained('ecs:ListClusters', 'the clusters of the region', listed);
    return { items: page.clusterArns ?? [], nextToken: page.nextToken };
  });
}

/** Tasks of nobody's service too: ECS takes a hundred at a time. */
async function runningIn(ecs: ECSClient, cluster: string): Promise<readonly string[]> {
  return allPages(async (nextToken) => {
    const listed = ecs.send(new ListTasksCommand({ cluster, ...(nextToken && { nextToken }) }));
    const page = await explained('ecs:ListTasks', `cluster ${cluster}`, listed);
    const tasks = page.taskArns ?? [];
    if (tasks.length === 0) return { items: [], nextToken: page.nextToken };
    const described = ecs.send(new DescribeTasksCommand({ cluster, tasks }));
    const answer = await explained('ecs:DescribeTasks', `cluster ${cluster}`, described);
    return {
      items: (answer.tasks ?? []).flatMap((task) => task.taskDefinitionArn ?? []),
      nextToken: page.nextToken,
    };
  });
}
