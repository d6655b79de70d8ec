import { deploymentReason } from '../../../aws/ecs/deployment-reason.ts';
import type { DescribedDeployment } from '../described-deployment.ts';
import { STRATEGIES } from '../../../core/plan/strategies.ts';
import { MINUTE } from '../../../core/time/clock.ts';
import type { Phase, Pause, Share, Traffic } from '../../traffic/traffic-mover.ts';
import { countTasks } from '../task-counts.ts';
import { patienceOf, pausedBy } from './pause-hook.ts';

/** How a strategy interprets the deployment that ECS describes. */
export interface Reading {
  readonly share: Share;
  /** The phase at a stage of a deployment that moves forward and does not pause for ecs-ramp. */
  phaseIn(deployment: DescribedDeployment): Phase;
  /** The share that the new revision should have, in percent. */
  percentIn(phase: Phase, deployment: DescribedDeployment): number;
  /** Whether a pause at this stage repeats a pause that was already answered. */
  asksAgainAt(stage: string): boolean;
}

/** For strategies where ECS shifts requests between two target groups. */
export const BALANCED_READING: Reading = {
  share: 'traffic',
  phaseIn({ lifecycleStage, targetServiceRevision }) {
    switch (lifecycleStage) {
      case 'BAKE_TIME':
        return 'keeping-old';
      case 'CLEAN_UP':
        return 'cleaning-up';
      case 'PRE_PRODUCTION_TRAFFIC_SHIFT':
      case 'PRODUCTION_TRAFFIC_SHIFT':
      case 'POST_PRODUCTION_TRAFFIC_SHIFT':
        return 'moving';
      default:
        return (targetServiceRevision?.requestedProductionTrafficWeight ?? 0) > 0 ? 'moving' : 'starting';
    }
  },
  percentIn: (_, { targetServiceRevision }) => targetServiceRevision?.requestedProductionTrafficWeight ?? 0,
  asksAgainAt: () => false,
};

/**
 * Converts the service deployment that ECS describes. Does not include the weights of the listener
 * rule. Pure.
 */
export function readDeployment(deployment: DescribedDeployment, reading: Reading): Traffic {
  const pause = questionOf(deployment, reading);
  const phase = endOf(deployment) ?? (pause ? 'paused' : reading.phaseIn(deployment));
  const stage = deployment.lifecycleStage ?? 'before its first stage';
  return {
    id: deployment.serviceDeploymentArn!,
    phase,
    share: reading.share,
    percent: reading.percentIn(phase, deployment),
    verifiedPercent: null,
    pause,
    oldRevisionUntil: phase === 'keeping-old' ? soakingUntil(deployment) : null,
    stage: `${deployment.status ?? 'no status reported'}, ${stage}`,
    reason: deploymentReason(deployment),
    startedAt: (deployment.startedAt ?? deployment.createdAt)?.getTime() ?? 0,
    canary: countTasks(deployment.targetServiceRevision),
    stable: countTasks(...(deployment.sourceServiceRevisions ?? [])),
  };
}

/** `null` when the deployment has not ended and is not rolling back. */
function endOf({ status }: DescribedDeployment): Phase | null {
  switch (status) {
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
    default:
      return null;
  }
}

/**
 * The pause for ecs-ramp: a PAUSE hook at one of the strategy's stages that awaits an action.
 * `null` when there is none.
 */
function questionOf(
  { lifecycleStage: stage = '', deploymentConfiguration, lifecycleHookDetails }: DescribedDeployment,
  reading: Reading,
): Pause | null {
  const name = pausedBy(deploymentConfiguration);
  const patience = patienceOf(deploymentConfiguration);
  if (name === null || patience === null) return null;
  const stages: readonly string[] = STRATEGIES[name].pausesAt;
  if (!stages.includes(stage)) return null;
  const hook = lifecycleHookDetails?.find(
    (detail) => detail.targetType === 'PAUSE' && detail.status === 'AWAITING_ACTION',
  );
  if (!hook?.hookId || !hook.expiresAt) return null;
  const until = hook.expiresAt.getTime();
  if (Number.isNaN(until)) return null;
  return {
    id: hook.hookId,
    since: until - patience,
    until,
    ...(reading.asksAgainAt(stage) && { again: true }),
  };
}

/**
 * When ECS removes the old revision. ECS does not return this time. The bake started no later than
 * the last update of the deployment.
 */
function soakingUntil(deployment: DescribedDeployment): number | null {
  const began = deployment.updatedAt?.getTime();
  const minutes = deployment.deploymentConfiguration?.bakeTimeInMinutes;
  return began !== undefined && minutes !== undefined ? began + minutes * MINUTE : null;
}
