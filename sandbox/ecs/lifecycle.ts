import { awaitingHooks, expireHooks, openHooks } from './hooks.ts';
import { checkBreaker } from './circuit-breaker.ts';
import { fail, succeed } from './outcome.ts';
import { activeRevisions, counts } from './service-revisions.ts';
import { shiftProduction, shiftTest } from './traffic.ts';
import type { DeploymentRecord, RevisionRecord, Rung, World } from './world.ts';

/** Advances a BLUE_GREEN, LINEAR or CANARY deployment by at most one stage. */
export function advanceLifecycle(world: World, deployment: DeploymentRecord): void {
  if (checkBreaker(world, deployment)) return;
  const late = expireHooks(world, deployment);
  if (late) {
    return fail(world, deployment, {
      reason: `Lifecycle hook ${late.hookId ?? ''} timed out at ${deployment.stage ?? ''}.`,
      rollback: true,
    });
  }
  if (deployment.position >= 0) {
    keepCounts(deployment);
    const rung = deployment.ladder[deployment.position];
    if (rung && !isDone(world, deployment, rung) && !isCutShort(world, deployment)) return;
  }
  const next = deployment.ladder[deployment.position + 1];
  if (!next) return succeed(world, deployment);
  deployment.position += 1;
  deployment.stage = next.stage;
  deployment.stageEnteredAt = world.clock.now();
  deployment.updatedAt = new Date(world.clock.now());
  enter(world, deployment, next);
  openHooks(world, deployment);
  keepCounts(deployment);
}

function enter(world: World, deployment: DeploymentRecord, { stage, percent }: Rung): void {
  switch (stage) {
    case 'RECONCILE_SERVICE':
      shiftTest(world, deployment, 0);
      return shiftProduction(world, deployment, 0);
    case 'TEST_TRAFFIC_SHIFT':
      return shiftTest(world, deployment, 100);
    case 'PRODUCTION_TRAFFIC_SHIFT':
      return shiftProduction(world, deployment, percent);
    default:
  }
}

/**
 * The source keeps all its tasks until CLEAN_UP. Both revisions follow changes of the service's
 * desired count.
 */
function keepCounts({ service, source, target, stage }: DeploymentRecord): void {
  if (source) source.requested = stage === 'CLEAN_UP' ? 0 : service.desiredCount;
  const started = stage !== null && stage !== 'RECONCILE_SERVICE' && stage !== 'PRE_SCALE_UP';
  target.requested = started ? service.desiredCount : 0;
  for (const revision of activeRevisions(service)) {
    if (revision !== source && revision !== target) revision.requested = 0;
  }
}

function isDone(world: World, deployment: DeploymentRecord, { stage, bake }: Rung): boolean {
  if (awaitingHooks(deployment).length > 0) return false;
  const { target, service } = deployment;
  const stayed = world.clock.now() - deployment.stageEnteredAt;
  switch (stage) {
    case 'RECONCILE_SERVICE':
      return others(deployment).every(
        (revision) => revision === deployment.source || revision.tasks.size === 0,
      );
    case 'SCALE_UP':
      return counts(target).healthy >= service.desiredCount;
    case 'TEST_TRAFFIC_SHIFT':
      return stayed >= world.settings.trafficShift;
    case 'PRODUCTION_TRAFFIC_SHIFT':
      return stayed >= world.settings.trafficShift + bake;
    case 'BAKE_TIME':
      return stayed >= bake;
    case 'CLEAN_UP':
      return others(deployment).every((revision) => revision.tasks.size === 0);
    default:
      return true;
  }
}

/** At the limit of a stage, fails the deployment, or returns true if its pauses end with CONTINUE. */
function isCutShort(world: World, deployment: DeploymentRecord): boolean {
  const { stageLimit, pauseAtStageLimit } = world.settings;
  if (world.clock.now() - deployment.stageEnteredAt < stageLimit) return false;
  const open = awaitingHooks(deployment);
  if (open.length > 0 && pauseAtStageLimit === 'waits') return false;
  if (open.length > 0 && pauseAtStageLimit === 'times out') {
    for (const hook of open) hook.status = 'TIMED_OUT';
    if (open.every(({ timeoutAction }) => timeoutAction === 'CONTINUE')) return true;
  }
  fail(world, deployment, {
    reason: `Service deployment timed out at ${deployment.stage ?? ''}.`,
    rollback: true,
  });
  return false;
}

function others({ service, target }: DeploymentRecord): RevisionRecord[] {
  return activeRevisions(service).filter((revision) => revision !== target);
}
