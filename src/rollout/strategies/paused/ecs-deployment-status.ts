import type { ServiceDeployment, ServiceRevisionSummary } from '@aws-sdk/client-ecs';
import { MINUTE } from '../../../core/time/clock.ts';
import { SIDE_BY_SIDE_PERCENT } from '../../../core/plan/side-by-side.ts';
import { patienceOf, splitOf, type PausedSplit } from './pause-hook.ts';
import type { Phase, Question, TaskCounts, Traffic } from '../../traffic/traffic-mover.ts';

/** Stages are an open list, and the SDK's lacks one: what is not known here is told by its name and waited for. */
export type DescribedDeployment = Omit<ServiceDeployment, 'lifecycleStage'> & {
  readonly lifecycleStage?: string;
};

/** ECS's account of a service deployment, as the rollout reads it. Pure. */
export function trafficOf(deployment: DescribedDeployment, verifiedPercent: number | null): Traffic {
  const question = questionOf(deployment);
  const split = splitOf(deployment.deploymentConfiguration) ?? 'requests';
  const phase = phaseOf(deployment, question !== null, split);
  const stage = deployment.lifecycleStage ?? 'before its first stage';
  return {
    id: deployment.serviceDeploymentArn!,
    phase,
    split,
    percent:
      split === 'tasks'
        ? SHARE_OF_TASKS[phase]
        : (deployment.targetServiceRevision?.requestedProductionTrafficWeight ?? 0),
    verifiedPercent,
    question,
    oldRevisionUntil: phase === 'soaking' ? soakingUntil(deployment) : null,
    stage: `${deployment.status ?? 'no status told'}, ${stage}`,
    reason: deployment.rollback?.reason ?? deployment.statusReason ?? null,
    startedAt: (deployment.startedAt ?? deployment.createdAt)?.getTime() ?? 0,
    canary: counts(deployment.targetServiceRevision),
    stable: counts(...(deployment.sourceServiceRevisions ?? [])),
  };
}

/** No weight tells how far it is: there are as many new tasks as old ones, until either of them goes. */
const SHARE_OF_TASKS: Readonly<Record<Phase, number>> = {
  starting: 0,
  asking: SIDE_BY_SIDE_PERCENT,
  moving: SIDE_BY_SIDE_PERCENT,
  soaking: SIDE_BY_SIDE_PERCENT,
  settling: 100,
  done: 100,
  baking: 100,
  'rolling-back': SIDE_BY_SIDE_PERCENT,
  'rolled-back': 0,
  failed: SIDE_BY_SIDE_PERCENT,
};

function phaseOf(deployment: DescribedDeployment, asking: boolean, split: PausedSplit): Phase {
  switch (deployment.status) {
    case 'SUCCESSFUL':
      return 'done';
    case 'ROLLBACK_SUCCESSFUL':
    case 'STOPPED':
      return 'rolled-back';
    case 'ROLLBACK_FAILED':
      return 'failed';
    case 'STOP_REQUESTED':
    case 'ROLLBACK_REQUESTED':
    case 'ROLLBACK_IN_PROGRESS':
      return 'rolling-back';
  }
  if (asking) return 'asking';
  if (split === 'tasks') return sideBySide(deployment.lifecycleStage);
  switch (deployment.lifecycleStage) {
    case 'BAKE_TIME':
      return 'soaking';
    case 'CLEAN_UP':
      return 'settling';
    case 'PRE_PRODUCTION_TRAFFIC_SHIFT':
    case 'PRODUCTION_TRAFFIC_SHIFT':
    case 'POST_PRODUCTION_TRAFFIC_SHIFT':
      return 'moving';
    default:
      return (deployment.targetServiceRevision?.requestedProductionTrafficWeight ?? 0) > 0
        ? 'moving'
        : 'starting';
  }
}

/** From the pause on nothing is awaited but our answers and ECS's own stages. */
function sideBySide(stage: string | undefined): Phase {
  switch (stage) {
    case undefined:
    case 'RECONCILE_SERVICE':
    case 'PRE_SCALE_UP':
    case 'SCALE_UP':
      return 'starting';
    case 'CLEAN_UP':
      return 'settling';
    default:
      return 'moving';
  }
}

/** ECS pauses for us when a PAUSE hook at one of our stages awaits an answer. */
function questionOf(deployment: DescribedDeployment): Question | null {
  const { lifecycleStage: stage, deploymentConfiguration } = deployment;
  const split = splitOf(deploymentConfiguration);
  if (stage !== 'PRE_PRODUCTION_TRAFFIC_SHIFT' && !(split === 'tasks' && stage === 'POST_SCALE_UP'))
    return null;
  const patience = patienceOf(deploymentConfiguration);
  const hook = deployment.lifecycleHookDetails?.find(
    (detail) => detail.targetType === 'PAUSE' && detail.status === 'AWAITING_ACTION',
  );
  if (patience === null || !hook?.hookId || !hook.expiresAt) return null;
  const until = hook.expiresAt.getTime();
  if (Number.isNaN(until)) return null;
  const isSecond = split === 'tasks' && stage !== 'POST_SCALE_UP';
  return { id: hook.hookId, since: until - patience, until, ...(isSecond && { again: true }) };
}

/** ECS does not tell when the bake ends: it began no later than the deployment was last updated. */
function soakingUntil(deployment: DescribedDeployment): number | null {
  const began = deployment.updatedAt?.getTime();
  const minutes = deployment.deploymentConfiguration?.bakeTimeInMinutes;
  return began !== undefined && minutes !== undefined ? began + minutes * MINUTE : null;
}

export function counts(...revisions: readonly (ServiceRevisionSummary | undefined)[]): TaskCounts {
  const sum = (read: (revision: ServiceRevisionSummary) => number | undefined) =>
    revisions.reduce((total, revision) => total + ((revision && read(revision)) ?? 0), 0);
  return { desired: sum((r) => r.requestedTaskCount), running: sum((r) => r.runningTaskCount) };
}
