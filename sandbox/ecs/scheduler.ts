import { taskList, tell, tellNotPlaced } from './events.ts';
import { departureOf } from './departures.ts';
import { launchTask } from './launch.ts';
import { activeRevisions } from './service-revisions.ts';
import { requestStop } from './tasks.ts';
import type { RevisionRecord, TaskRecord, World } from './world.ts';

/** Number of failed rounds before the service event. */
const FAILURES_TOLD = 3;

/**
 * Starts and stops tasks until the revision has the requested number, and replaces tasks that have
 * to leave.
 */
export function scheduleTasks(world: World, revision: RevisionRecord): void {
  const wanted = wantedTasks(revision);
  const staying = wanted.filter((task) => departureOf(task) === null);
  const missing = revision.requested - staying.length;
  if (missing > 0) {
    const plain = Math.max(0, revision.requested - wanted.length);
    const started = Math.min(missing, plain + roomForReplacements(revision, plain));
    if (started > 0) startTasks(world, revision, started);
  }
  if (missing < 0) stopTasks(world, revision, expendable(staying).slice(0, -missing));
  stopLeaving(world, revision);
}

function wantedTasks(revision: RevisionRecord): TaskRecord[] {
  return [...revision.tasks].filter((task) => task.desiredStatus === 'RUNNING');
}

/**
 * Which tasks the percentages of the deployment configuration apply to: those of the whole service,
 * or of one revision while traffic is shifted between two.
 */
function scopeOf(revision: RevisionRecord): { tasks: TaskRecord[]; desired: number } {
  const { service } = revision;
  const isShifting = service.deployment !== null && service.deployment.ladder.length > 0;
  if (isShifting) return { tasks: wantedTasks(revision), desired: revision.requested };
  return { tasks: activeRevisions(service).flatMap(wantedTasks), desired: service.desiredCount };
}

/** How many tasks may run beside those that they replace. */
function roomForReplacements(revision: RevisionRecord, starting: number): number {
  const { tasks, desired } = scopeOf(revision);
  const { maximumPercent } = revision.service.configuration;
  return Math.max(0, Math.floor((desired * maximumPercent) / 100) - tasks.length - starting);
}

/** Stops leaving tasks: those that do not serve at once, the others within the minimum of healthy ones. */
function stopLeaving(world: World, revision: RevisionRecord): void {
  const { tasks, desired } = scopeOf(revision);
  const { minimumHealthyPercent } = revision.service.configuration;
  const minimum = Math.ceil((desired * minimumHealthyPercent) / 100);
  let spare = tasks.filter(({ healthy }) => healthy).length - minimum;
  for (const task of wantedTasks(revision)) {
    const departure = departureOf(task);
    if (!departure || (task.healthy && spare <= 0)) continue;
    if (task.healthy) spare--;
    requestStop(task, departure);
    tell(world, revision.service, `has stopped 1 running tasks${departure.event}: ${taskList([task])}.`);
  }
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
