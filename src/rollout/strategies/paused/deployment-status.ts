import { deploymentReason } from '../../../aws/ecs/deployment-reason.ts';
import type { DescribedDeployment } from '../described-deployment.ts';
import { STRATEGIES } from '../../../core/plan/strategies.ts';
import { MINUTE, type Milliseconds } from '../../../core/time/clock.ts';
import type { Phase, Pause, Share, Traffic } from '../../traffic/traffic-mover.ts';
import { countTasks } from '../task-counts.ts';
import { climbedSteps } from './climbed.ts';
import { KEPT_AT } from './keep-hook.ts';
import { keptFor, patienceOf, pausedBy } from './pause-hook.ts';

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
  const end = endOf(deployment);
  const open = keepOf(deployment);
  // ECS may pause there after each step. The old revision is kept only after the last one.
  const isLast = (deployment.targetServiceRevision?.requestedProductionTrafficWeight ?? 0) >= 100;
  const pause = questionOf(deployment, reading) ?? (open && !isLast ? { ...open, again: true } : null);
  const keep = end === null && pause === null ? open : null;
  const phase = end ?? (pause ? 'paused' : keep ? 'keeping-old' : reading.phaseIn(deployment));
  const stage = deployment.lifecycleStage ?? 'before its first stage';
  return {
    id: deployment.serviceDeploymentArn!,
    phase,
    share: reading.share,
    percent: reading.percentIn(phase, deployment),
    verifiedPercent: null,
    pause,
    ...(keep && { keep, climbed: climbedSteps(deployment) }),
    oldRevisionUntil: phase === 'keeping-old' ? (keep?.until ?? soakingUntil(deployment)) : null,
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
 * The pause for ecs-ramp: a PAUSE hook at one of the strategy's stages that awaits an action, and
 * rolls back without one. `null` when there is none.
 */
function questionOf(deployment: DescribedDeployment, reading: Reading): Pause | null {
  const { lifecycleStage: stage = '', deploymentConfiguration } = deployment;
  const name = pausedBy(deploymentConfiguration);
  const patience = patienceOf(deploymentConfiguration);
  if (name === null || patience === null) return null;
  const stages: readonly string[] = STRATEGIES[name].pausesAt;
  if (!stages.includes(stage)) return null;
  const pause = openPause(deployment, patience, (action) => action !== 'CONTINUE');
  return pause && reading.asksAgainAt(stage) ? { ...pause, again: true } : pause;
}

/** The pause that keeps the old revision, and continues without an answer; `null` for none. */
function keepOf(deployment: DescribedDeployment): Pause | null {
  const length = keptFor(deployment.deploymentConfiguration);
  if (length === null || deployment.lifecycleStage !== KEPT_AT) return null;
  return openPause(deployment, length, (action) => action === 'CONTINUE');
}

/** The last open pause whose end is of this kind. A user's own pauses come before it. */
function openPause(
  { lifecycleHookDetails }: DescribedDeployment,
  length: Milliseconds,
  endsWith: (action: string | undefined) => boolean,
): Pause | null {
  const hook = lifecycleHookDetails?.findLast(
    ({ targetType, status, timeoutAction }) =>
      targetType === 'PAUSE' && status === 'AWAITING_ACTION' && endsWith(timeoutAction),
  );
  if (!hook?.hookId || !hook.expiresAt) return null;
  const until = hook.expiresAt.getTime();
  return Number.isNaN(until) ? null : { id: hook.hookId, since: until - length, until };
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
