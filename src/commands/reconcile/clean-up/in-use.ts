import {
  DescribeTasksCommand,
  ListClustersCommand,
  ListTasksCommand,
  type Container,
  type ECSClient,
  type Service,
  type Task,
} from '@aws-sdk/client-ecs';
import { allPages } from '../../../aws/all-pages.ts';
import { everyService } from '../../../aws/ecs/every-service.ts';

/** What the services and tasks in all clusters of a region use. */
export interface InUse {
  /** Task definition ARNs of services and their deployments, which may start tasks at any time. */
  readonly byServices: ReadonlySet<string>;
  /** Task definition ARNs of tasks. */
  readonly byTasks: ReadonlySet<string>;
  /** Containers of all tasks, including standalone tasks. */
  readonly containers: readonly Container[];
}

/** Rejects with UserError if any read fails. */
export async function whatIsInUse(ecs: ECSClient): Promise<InUse> {
  const clusters = await Promise.all(
    (await clustersOf(ecs)).map(async (cluster) => ({
      services: await everyService(ecs, cluster),
      tasks: await tasksOf(ecs, cluster),
    })),
  );
  const tasks = clusters.flatMap((cluster) => cluster.tasks);
  return {
    byServices: new Set(clusters.flatMap(({ services }) => services.flatMap(namedBy))),
    byTasks: new Set(tasks.flatMap(({ taskDefinitionArn }) => taskDefinitionArn ?? [])),
    containers: tasks.flatMap(({ containers = [] }) => containers),
  };
}

function namedBy({ taskDefinition, deployments = [], taskSets = [] }: Service): readonly string[] {
  return [{ taskDefinition }, ...deployments, ...taskSets].flatMap((naming) => naming.taskDefinition ?? []);
}

async function clustersOf(ecs: ECSClient): Promise<readonly string[]> {
  return allPages(async (nextToken) => {
    const page = await ecs.send(new ListClustersCommand({ ...(nextToken && { nextToken }) }));
    return { items: page.clusterArns ?? [], nextToken: page.nextToken };
  });
}

/** All tasks of a cluster, including standalone tasks, 100 at a time. */
async function tasksOf(ecs: ECSClient, cluster: string): Promise<readonly Task[]> {
  return allPages(async (nextToken) => {
    const page = await ecs.send(new ListTasksCommand({ cluster, ...(nextToken && { nextToken }) }));
    const tasks = page.taskArns ?? [];
    if (tasks.length === 0) return { items: [], nextToken: page.nextToken };
    const answer = await ecs.send(new DescribeTasksCommand({ cluster, tasks }));
    return { items: answer.tasks ?? [], nextToken: page.nextToken };
  });
}
