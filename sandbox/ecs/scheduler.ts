import { taskList, tell, tellNotPlaced } from './events.ts';
import { launchTask } from './launch.ts';
import { requestStop } from './tasks.ts';
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
      tellNotPlaced(world, service, `was unable to place a task. Reason: ${obstacle}`);
      break;
    }
    const launched = launchTask(world, {
      cluster: service.cluster,
      taskDefinition: spec.taskDefinition,
      revision,
      launchType: spec.launchType,
      capacityProviderStrategy: spec.capacityProviderStrategy ?? [],
      constraints: service.settings.placementConstraints ?? [],
      strategy: service.settings.placementStrategy ?? [],
      subnets: spec.networkConfiguration?.awsvpcConfiguration?.subnets ?? [],
      group: `service:${service.name}`,
      startedBy: revision.deploymentId,
      enableExecuteCommand: service.settings.enableExecuteCommand ?? false,
    });
    if ('obstacle' in launched) {
      tellNotPlaced(world, service, launched.obstacle.event);
      break;
    }
    started.push(launched.task);
  }
  if (started.length === number) service.placementFailures.clear();
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
