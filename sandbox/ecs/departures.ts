import type { Departure, TaskRecord } from './world.ts';

/** Why the scheduler must replace a task and then stop it; `null` for a task that may stay. */
export function departureOf(task: TaskRecord): Departure | null {
  if (task.leaving) return task.leaving;
  if (task.instance?.status !== 'DRAINING' || !task.revision) return null;
  return {
    code: 'ServiceSchedulerInitiated',
    reason: `Service ${task.revision.service.name}: container instance is in DRAINING state`,
    event: '',
  };
}
