import { tasksOf } from '../../aws/ecs/tasks.ts';
import type { Arm } from '../traffic/traffic-mover.ts';
import type { ServiceRef } from '../../core/service-ref.ts';
import type { ECSClient } from '@aws-sdk/client-ecs';

/**
 * The canary's share of the service's tasks that should run, in percent. `null` when there are no
 * tasks. Rejects with UserError when AWS refuses.
 */
export async function shareOfTasks(ecs: ECSClient, service: ServiceRef, canary: Arm): Promise<number | null> {
  const tasks = await tasksOf(ecs, service, 'RUNNING');
  const ours = tasks.filter(({ taskDefinitionArn }) => taskDefinitionArn === canary.taskDefinitionArn);
  return tasks.length === 0 ? null : (100 * ours.length) / tasks.length;
}
