import { AwsError } from '../wire/service.ts';
import { checkAlarms } from './alarms.ts';
import { tell } from './events.ts';
import { findPlace } from './launch.ts';
import { advanceLifecycle } from './lifecycle.ts';
import { manageInstances } from './managed-scaling.ts';
import { fail, isUnderWay } from './outcome.ts';
import { advanceRollback } from './rollback.ts';
import { advanceRolling } from './rolling.ts';
import { scheduleTasks } from './scheduler.ts';
import { activeRevisions, counts } from './service-revisions.ts';
import { advanceTask } from './tasks.ts';
import type { DeploymentRecord, ServiceRecord, World } from './world.ts';

/**
 * Moves everything one step towards the desired state. Depends only on the present state, not on
 * changes.
 */
export function reconcile(world: World): void {
  manageInstances(world);
  for (const task of world.tasks.values()) {
    if (task.waitsForInstance) findPlace(world, task);
    advanceTask(world, task);
  }
  for (const service of world.services.values()) {
    if (service.status !== 'INACTIVE') reconcileService(world, service);
  }
  forgetStoppedTasks(world);
}

function reconcileService(world: World, service: ServiceRecord): void {
  if (service.status === 'DRAINING') {
    for (const revision of activeRevisions(service)) revision.requested = 0;
  } else if (service.deployment) {
    reconcileDeployment(world, service.deployment);
  } else if (service.primary === service.current) {
    service.primary.requested = service.desiredCount;
  }
  const active = activeRevisions(service);
  for (const revision of active) scheduleTasks(world, revision);
  if (service.status === 'DRAINING' && active.every((revision) => revision.tasks.size === 0)) {
    service.status = 'INACTIVE';
  }
  noteSteadyState(world, service);
}

function reconcileDeployment(world: World, deployment: DeploymentRecord): void {
  if (deployment.status === 'PENDING') {
    deployment.status = 'IN_PROGRESS';
    deployment.startedAt = new Date(world.clock.now());
  }
  if (!isUnderWay(deployment)) return advanceRollback(world, deployment);
  if (checkAlarms(world, deployment)) return;
  try {
    if (deployment.ladder.length === 0) advanceRolling(world, deployment);
    else advanceLifecycle(world, deployment);
  } catch (error) {
    // The load balancer refused: AWS fails the deployment with the load balancer's message.
    if (!(error instanceof AwsError)) throw error;
    fail(world, deployment, { reason: error.message, rollback: true });
  }
}

function noteSteadyState(world: World, service: ServiceRecord): void {
  const { healthy } = counts(service.primary);
  const steady =
    !service.deployment &&
    healthy === service.desiredCount &&
    activeRevisions(service).every((revision) => revision.tasks.size === healthy);
  if (steady && !service.steady) tell(world, service, 'has reached a steady state.');
  service.steady = steady;
}

function forgetStoppedTasks(world: World): void {
  for (const task of world.tasks.values()) {
    if (task.stoppedAt === null) continue;
    if (world.clock.now() - task.stoppedAt < world.settings.stoppedTasksKept) continue;
    world.tasks.delete(task.arn);
    world.tags.delete(task.arn);
  }
}
