import type { DescribedDeployment } from '../described-deployment.ts';
import { STRATEGIES } from '../../../core/plan/strategies.ts';
import { MINUTE } from '../../../core/time/clock.ts';
import type { Phase, Pause, Share, Traffic } from '../../traffic/traffic-mover.ts';
import { countTasks } from '../task-counts.ts';
import { patienceOf, pausedBy } from './pause-hook.ts';

/** How a strategy reads what ECS says of its deployment. */
export interface Reading {
  readonly share: Share;
  /** Where it is in a stage of a deployment that goes forward, and does not pause for us. */
  phaseIn(deployment: DescribedDeployment): Phase;
  /** The share that the new revision is meant to have, in percent. */
  percentIn(phase: Phase, deployment: DescribedDeployment): number;
  /** Whether a pause at this stage asks once more what was answered already. */
  asksAgainAt(stage: string): boolean;
}

/** Where ECS shifts the requests between two target groups. */
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

/** ECS's account of a service deployment, as the rollout reads it. What the listener rule says is not in it. Pure. */
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
    stage: `${deployment.status ?? 'no status told'}, ${stage}`,
    reason: deployment.rollback?.reason ?? deployment.statusReason ?? null,
    startedAt: (deployment.startedAt ?? deployment.createdAt)?.getTime() ?? 0,
    canary: countTasks(deployment.targetServiceRevision),
    stable: countTasks(...(deployment.sourceServiceRevisions ?? [])),
  };
}

/** Null: it goes forward. */
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

/** ECS pauses for us when a PAUSE hook at one of our stages awaits an answer. */
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

/** ECS does not tell when the bake ends: it began no later than the deployment was last updated. */
function soakingUntil(deployment: DescribedDeployment): number | null {
  const began = deployment.updatedAt?.getTime();
  const minutes = deployment.deploymentConfiguration?.bakeTimeInMinutes;
  return began !== undefined && minutes !== undefined ? began + minutes * MINUTE : null;
}
