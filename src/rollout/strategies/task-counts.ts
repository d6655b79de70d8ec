import type { ServiceRevisionSummary } from '@aws-sdk/client-ecs';
import type { TaskCounts } from '../traffic/traffic-mover.ts';

/** The task counts of all given revisions together. Pure. */
export function countTasks(...revisions: readonly (ServiceRevisionSummary | undefined)[]): TaskCounts {
  const sum = (read: (revision: ServiceRevisionSummary) => number | undefined) =>
    revisions.reduce((total, revision) => total + ((revision && read(revision)) ?? 0), 0);
  return { desired: sum((r) => r.requestedTaskCount), running: sum((r) => r.runningTaskCount) };
}
