import type { ServiceRef } from '../../core/service-ref.ts';
import {
  DescribeTasksCommand,
  ListTasksCommand,
  type DesiredStatus,
  type ECSClient,
  type Task,
} from '@aws-sdk/client-ecs';

/**
 * The service's newest hundred tasks with this desired status. ECS keeps stopped tasks for an hour.
 */
export async function tasksOf(
  ecs: ECSClient,
  service: ServiceRef,
  desiredStatus: DesiredStatus,
): Promise<readonly Task[]> {
  return describeTasks(ecs, service, await taskArns(ecs, service, desiredStatus));
}

export async function taskArns(
  ecs: ECSClient,
  { cluster, name: serviceName }: ServiceRef,
  desiredStatus: DesiredStatus,
): Promise<readonly string[]> {
  const listed = await ecs.send(new ListTasksCommand({ cluster, serviceName, desiredStatus }));
  return listed.taskArns ?? [];
}

export async function describeTasks(
  ecs: ECSClient,
  { cluster }: ServiceRef,
  arns: readonly string[],
): Promise<readonly Task[]> {
  if (arns.length === 0) return [];
  const described = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [...arns] }));
  return described.tasks ?? [];
}
