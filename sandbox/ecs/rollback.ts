import { shiftProduction, shiftTest } from './traffic.ts';
import { replaceTasks } from './rolling.ts';
import { end } from './outcome.ts';
import { activeRevisions, counts } from './service-revisions.ts';
import { AwsError } from '../wire/service.ts';
import type { DeploymentRecord, RevisionRecord, World } from './world.ts';

/**
 * Moves a deployment in ROLLBACK_REQUESTED or ROLLBACK_IN_PROGRESS one step towards its source
 * revision.
 */
export function advanceRollback(world: World, deployment: DeploymentRecord): void {
  const { source, service } = deployment;
  if (!source) throw new Error(`${deployment.arn} has nothing to roll back to.`);
  if (deployment.status === 'ROLLBACK_REQUESTED') {
    deployment.status = 'ROLLBACK_IN_PROGRESS';
    deployment.stageEnteredAt = world.clock.now();
    service.primary = source;
  }
  if (world.clock.now() - deployment.stageEnteredAt >= world.settings.stageLimit) {
    return end(world, deployment, { status: 'ROLLBACK_FAILED', reason: 'The rollback timed out.' });
  }
  const back =
    deployment.ladder.length === 0
      ? replaceTasks(world, deployment, source)
      : shiftBack(world, deployment, source);
  if (back) end(world, deployment, { status: 'ROLLBACK_SUCCESSFUL', reason: deployment.statusReason });
}

/**
 * Shifts the traffic first, and stops the tasks of the failed revision after the time of a traffic
 * shift.
 */
function shiftBack(world: World, deployment: DeploymentRecord, source: RevisionRecord): boolean {
  const { service, stage } = deployment;
  const { settings, clock } = world;
  source.requested = service.desiredCount;
  if (!deployment.trafficIsBack) {
    // If the source has been cleaned up, all its tasks must run again before it gets traffic.
    if (stage === 'CLEAN_UP' && counts(source).healthy < service.desiredCount) return false;
    try {
      shiftProduction(world, deployment, 0);
      shiftTest(world, deployment, 0);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      end(world, deployment, { status: 'ROLLBACK_FAILED', reason: error.message });
      return false;
    }
    deployment.trafficIsBack = true;
    deployment.stage = 'PRODUCTION_TRAFFIC_SHIFT';
    deployment.stageEnteredAt = clock.now();
    return false;
  }
  if (clock.now() - deployment.stageEnteredAt < settings.trafficShift) return false;
  deployment.stage = 'CLEAN_UP';
  const losers = activeRevisions(service).filter((revision) => revision !== source);
  for (const loser of losers) loser.requested = 0;
  return losers.every((loser) => loser.tasks.size === 0) && counts(source).healthy >= service.desiredCount;
}
