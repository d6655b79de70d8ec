import {
  DescribeTasksCommand,
  ListTasksCommand,
  type DesiredStatus,
  type ECSClient,
  type Task,
} from '@aws-sdk/client-ecs';
import { explained } from '../errors.ts';

export interface Place {
  readonly ecs: ECSClient;
  readonly clusterArn: string;
  readonly serviceName: string;
}

/** The service's newest hundred tasks in one state: ECS keeps stopped ones for an hour. */
export async function tasksOf(place: Place, desiredStatus: DesiredStatus): Promise<readonly Task[]> {
  return describeTasks(place, await taskArns(place, desiredStatus));
}

export async function taskArns(
  { ecs, clusterArn, serviceName }: Place,
  desiredStatus: DesiredStatus,
): Promise<readonly string[]> {
  const listed = await explained(
    'ecs:ListTasks',
    `service ${serviceName}`,
    ecs.send(new ListTasksCommand({ cluster: clusterArn, serviceName, desiredStatus })),
  );
  return listed.taskArns ?? [];
}

export async function describeTasks(
  { ecs, clusterArn, serviceName }: Place,
  arns: readonly string[],
): Promise<readonly Task[]> {
  if (arns.length === 0) return [];
  const described = await explained(
    'ecs:DescribeTasks',
    `service ${serviceName}`,
    ecs.send(new DescribeTasksCommand({ cluster: clusterArn, tasks: [...arns] })),
  );
  return described.tasks ?? [];
}
