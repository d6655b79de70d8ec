import { tasksOf, type Place } from '../../aws/ecs/tasks.ts';
import type { Arm } from '../traffic/traffic-mover.ts';

/** The canary's share of the service's tasks that are to run, in percent; null: there are none. Refusals in words. */
export async function shareOfTasks(place: Place, canary: Arm): Promise<number | null> {
  const tasks = await tasksOf(place, 'RUNNING');
  const ours = tasks.filter(({ taskDefinitionArn }) => taskDefinitionArn === canary.taskDefinitionArn);
  return tasks.length === 0 ? null : (100 * ours.length) / tasks.length;
}
