import type { DescribedDeployment } from '../described-deployment.ts';
import { countTasks } from '../task-counts.ts';
import type { Phase, Traffic } from '../../traffic/traffic-mover.ts';

/** ECS's account of a rolling update, as the rollout reads it. Pure. */

/** Where it stands, as far as it tells itself. */
export function readRolling(deployment: DescribedDeployment): Traffic {
  if (deployment.status !== 'SUCCESSFUL') return onTheWay(deployment);
  return { ...facts(deployment), phase: 'done', percent: 100 };
}

/** Of one that has not ended well: it goes forward, or back. */
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
    // Somebody stopped it half-way, or ECS did where it may not roll back: what runs then is of both versions.
    case 'STOPPED':
    case 'ROLLBACK_FAILED':
      return 'failed';
    default:
      return percent > 0 ? 'moving' : 'starting';
  }
}

/** It has ended, and nothing came after it: all tasks are new ones, and are watched for a while. */
export function baking(deployment: DescribedDeployment): Traffic {
  const completedAt = (deployment.finishedAt ?? deployment.updatedAt)?.getTime() ?? 0;
  return { ...facts(deployment), phase: 'baking', percent: 100, completedAt };
}

/** It had ended, and another deployment takes the service back to where it was. */
export function returning(deployment: DescribedDeployment, way: DescribedDeployment): Traffic {
  const { canary: old, stable: ours, stage, reason } = facts(way);
  return {
    ...facts(deployment),
    phase: RETURNS[way.status ?? 'PENDING'] ?? 'failed',
    percent: way.status === 'SUCCESSFUL' ? 0 : shareOf(ours.running, old.running),
    stage: `the deployment back is ${stage}`,
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

/** Somebody else's deployment followed: what serves now is theirs to say. */
export function overtaken(deployment: DescribedDeployment, by: DescribedDeployment): Traffic {
  const reason = `service deployment ${by.serviceDeploymentArn}, of another release, followed before the last bake had ended`;
  return { ...facts(deployment), phase: 'failed', percent: 100, reason };
}

function facts(deployment: DescribedDeployment): Omit<Traffic, 'phase' | 'percent'> {
  const { status, statusReason, rollback, startedAt, createdAt } = deployment;
  return {
    id: deployment.serviceDeploymentArn!,
    share: 'tasks',
    verifiedPercent: null,
    pause: null,
    oldRevisionUntil: null,
    stage: status ?? 'no status told',
    reason: rollback?.reason ?? statusReason ?? null,
    startedAt: (startedAt ?? createdAt)?.getTime() ?? 0,
    canary: countTasks(deployment.targetServiceRevision),
    stable: countTasks(...(deployment.sourceServiceRevisions ?? [])),
  };
}

/** In whole percent, never none of some, and never all before ECS says so: others may have yet to start. */
function shareOf(ours: number, others: number): number {
  return ours === 0 ? 0 : Math.min(99, Math.max(1, Math.round((100 * ours) / (ours + others))));
}
