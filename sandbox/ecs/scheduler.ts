import { taskList, tell } from './events.ts';
import { createTask, requestStop } from './tasks.ts';
import type { RevisionRecord, TaskRecord, World } from './world.ts';

/** Number of failed rounds before the service event. */
const FAILURES_TOLD = 3;

/** Starts and stops tasks until the revision has the requested number. */
export function scheduleTasks(world: World, revision: RevisionRecord): void {
  const wanted = [...revision.tasks].filter((task) => task.desiredStatus === 'RUNNING');
  const missing = revision.requested - wanted.length;
  if (missing > 0) startTasks(world, revision, missing);
  if (missing < 0) stopTasks(world, revision, expendable(wanted).slice(0, -missing));
}

function startTasks(world: World, revision: RevisionRecord, number: number): void {
  const { service, spec } = revision;
  if (world.clock.now() < revision.restartAt) {
    if (revision.failedRounds >= FAILURES_TOLD) {
      tell(world, service, 'is unable to consistently start tasks successfully.');
    }
    return;
  }
  const started: TaskRecord[] = [];
  while (started.length < number) {
    const obstacle = world.settings.whyNoPlace(service.cluster.name);
    if (obstacle !== null) {
      tell(world, service, `was unable to place a task. Reason: ${obstacle}`);
      break;
    }
    started.push(
      createTask(world, {
        cluster: service.cluster,
        taskDefinition: spec.taskDefinition,
        revision,
        launchType: spec.launchType,
        group: `service:${service.name}`,
        startedBy: revision.deploymentId,
        enableExecuteCommand: service.settings.enableExecuteCommand ?? false,
      }),
    );
  }
  if (started.length > 0) {
    tell(world, service, `has started ${started.length} tasks: ${taskList(started)}.`);
  }
}

function stopTasks(world: World, revision: RevisionRecord, tasks: readonly TaskRecord[]): void {
  const { service } = revision;
  const reason = `Scaling activity initiated by (deployment ${service.primary.deploymentId})`;
  for (const task of tasks) requestStop(task, { reason, code: 'ServiceSchedulerInitiated' });
  tell(world, service, `has stopped ${tasks.length} running tasks: ${taskList(tasks)}.`);
}

/** Stops tasks without traffic first, then the youngest. */
function expendable(tasks: readonly TaskRecord[]): TaskRecord[] {
  return tasks.toSorted((a, b) => Number(a.healthy) - Number(b.healthy) || b.createdAt - a.createdAt);
}
