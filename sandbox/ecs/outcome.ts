import { tell } from './events.ts';
import { closeHooks } from './hooks.ts';
import { counts } from './service-revisions.ts';
import type { DeploymentRecord, World } from './world.ts';

const IN_PROGRESS = new Set(['PENDING', 'IN_PROGRESS']);

/** PENDING or IN_PROGRESS: it can still be stopped or rolled back. */
export function isUnderWay({ status }: DeploymentRecord): boolean {
  return IN_PROGRESS.has(status);
}

/** Ends a successful deployment: only the target's tasks run, and they serve all traffic. */
export function succeed(world: World, deployment: DeploymentRecord): void {
  deployment.service.current = deployment.target;
  end(world, deployment, { status: 'SUCCESSFUL', reason: null });
  tell(world, deployment.service, `(deployment ${deployment.target.deploymentId}) deployment completed.`);
}

/** Fails a deployment: it rolls back if that is enabled and possible, otherwise it stops. */
export function fail(
  world: World,
  deployment: DeploymentRecord,
  { reason, rollback }: { reason: string; rollback: boolean },
): void {
  tell(
    world,
    deployment.service,
    `(deployment ${deployment.target.deploymentId}) deployment failed: ${reason}`,
  );
  if (!rollback) stop(world, deployment, reason);
  else if (deployment.source) turnBack(world, deployment, reason);
  // The tasks of a first deployment are not stopped.
  else end(world, deployment, { status: 'ROLLBACK_FAILED', reason: NO_CANDIDATE });
}

const NO_CANDIDATE = 'No rollback candidate was found to run the rollback.';

/**
 * Requests the rollback. The first deployment of a service has no source: it stops, and its tasks
 * too.
 */
export function turnBack(world: World, deployment: DeploymentRecord, reason: string): void {
  if (!deployment.source) return stop(world, deployment, reason);
  closeHooks(deployment);
  deployment.status = 'ROLLBACK_REQUESTED';
  deployment.statusReason = reason;
  deployment.updatedAt = new Date(world.clock.now());
  deployment.rollback = { reason, startedAt: new Date(world.clock.now()) };
  tell(
    world,
    deployment.service,
    `rolling back to (deployment ${deployment.source.deploymentId}) from (deployment ${deployment.target.deploymentId}).`,
  );
}

/**
 * Stops without changing traffic or healthy tasks. The tasks of a first deployment are stopped too.
 */
export function stop(world: World, deployment: DeploymentRecord, reason: string): void {
  const { source, target } = deployment;
  target.requested = source ? counts(target).healthy : 0;
  deployment.stoppedAt = new Date(world.clock.now());
  end(world, deployment, { status: 'STOPPED', reason });
}

/** Records the end of a deployment with any status. */
export function end(
  world: World,
  deployment: DeploymentRecord,
  { status, reason }: { status: DeploymentRecord['status']; reason: string | null },
): void {
  closeHooks(deployment);
  deployment.status = status;
  deployment.statusReason = reason;
  deployment.finishedAt = new Date(world.clock.now());
  deployment.updatedAt = deployment.finishedAt;
  if (deployment.service.deployment === deployment) deployment.service.deployment = null;
}
