import { nameOfArn } from '../../../core/arn.ts';
import { deploymentReason } from '../../../aws/ecs/deployment-reason.ts';
import type { DescribedDeployment } from '../described-deployment.ts';
import { countTasks } from '../task-counts.ts';
import type { Phase, Traffic } from '../../traffic/traffic-mover.ts';

/** Converts the rolling update that ECS describes. All functions are pure. */

/** The state of the rolling update, from the deployment alone. */
export function readRolling(deployment: DescribedDeployment): Traffic {
  if (deployment.status !== 'SUCCESSFUL') return onTheWay(deployment);
  return { ...facts(deployment), phase: 'done', percent: 100 };
}

/** For a deployment that has not succeeded: it is in progress, rolling back, or failed. */
export function onTheWay(deployment: DescribedDeployment): Traffic {
  const traffic = facts(deployment);
  const percent = shareOf(traffic.canary.running, traffic.stable.running);
  return { ...traffic, phase: phaseOf(deployment, percent), percent };
}

function phaseOf({ status }: DescribedDeployment, percent: number): Phase {
  switch (status) {
    case 'ROLLBACK_SUCCESSFUL':
      return 'rolled-back';
    case 'ROLLBACK_REQUESTED':
    case 'ROLLBACK_IN_PROGRESS':
    case 'STOP_REQUESTED':
      return 'rolling-back';
    // Somebody stopped the deployment, or ECS stopped it and could not roll back. Tasks of both
    // revisions may be running.
    case 'STOPPED':
    case 'ROLLBACK_FAILED':
      return 'failed';
    default:
      return percent > 0 ? 'moving' : 'starting';
  }
}

/**
 * The deployment has ended and no deployment followed: all tasks are new and are watched for a
 * while.
 */
export function baking(deployment: DescribedDeployment): Traffic {
  const completedAt = (deployment.finishedAt ?? deployment.updatedAt)?.getTime() ?? 0;
  return { ...facts(deployment), phase: 'baking', percent: 100, completedAt };
}

/** The deployment had ended, and another deployment restores the old revision. */
export function returning(deployment: DescribedDeployment, way: DescribedDeployment): Traffic {
  const { canary: old, stable: ours, stage, reason } = facts(way);
  return {
    ...facts(deployment),
    phase: RETURNS[way.status ?? 'PENDING'] ?? 'failed',
    percent: way.status === 'SUCCESSFUL' ? 0 : shareOf(ours.running, old.running),
    stage: `the deployment of the old revision is ${stage}`,
    reason,
    canary: ours,
    stable: old,
  };
}

const RETURNS: Readonly<Record<string, Phase>> = {
  PENDING: 'rolling-back',
  IN_PROGRESS: 'rolling-back',
  SUCCESSFUL: 'rolled-back',
};

/**
 * A deployment by somebody else followed, so the state of the service depends on that deployment.
 */
export function overtaken(deployment: DescribedDeployment, by: DescribedDeployment): Traffic {
  const reason = `service deployment ${nameOfArn(by.serviceDeploymentArn!)}, of another release, started before the last bake time ended`;
  return { ...facts(deployment), phase: 'failed', percent: 100, reason };
}

function facts(deployment: DescribedDeployment): Omit<Traffic, 'phase' | 'percent'> {
  const { status, startedAt, createdAt } = deployment;
  return {
    id: deployment.serviceDeploymentArn!,
    share: 'tasks',
    verifiedPercent: null,
    pause: null,
    oldRevisionUntil: null,
    stage: status ?? 'no status reported',
    reason: deploymentReason(deployment),
    startedAt: (startedAt ?? createdAt)?.getTime() ?? 0,
    canary: countTasks(deployment.targetServiceRevision),
    stable: countTasks(...(deployment.sourceServiceRevisions ?? [])),
  };
}

/**
 * In whole percent. At least 1 when there is a new task. At most 99 until ECS reports the end,
 * because more tasks may have to start.
 */
function shareOf(ours: number, others: number): number {
  return ours === 0 ? 0 : Math.min(99, Math.max(1, Math.round((100 * ours) / (ours + others))));
}
