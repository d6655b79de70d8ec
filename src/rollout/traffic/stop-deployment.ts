import { StopServiceDeploymentCommand, type ECSClient } from '@aws-sdk/client-ecs';
import { withTimeout } from '../../aws/with-timeout.ts';
import { hasCode } from '../../aws/errors.ts';
import { ACT_LIMIT } from '../../aws/lease/times.ts';
import { confirmed } from '../../aws/lease/confirmed.ts';
import type { Lease } from '../../aws/lease/lease.ts';
import type { Clock } from '../../core/time/clock.ts';

/**
 * Requests a rollback of a deployment at any stage. Does nothing when the deployment has ended or
 * is already rolling back.
 */
export async function stopDeployment(ecs: ECSClient, clock: Clock, id: string): Promise<void> {
  const command = new StopServiceDeploymentCommand({ serviceDeploymentArn: id, stopType: 'ROLLBACK' });
  try {
    await withTimeout(clock, ACT_LIMIT, (bound) => ecs.send(command, bound));
  } catch (error) {
    // The next observation shows which of the two it is.
    if (!hasCode(error, 'ConflictException')) throw error;
  }
}

/**
 * Confirms the lease before a rollback. A read that fails does not prevent the rollback: ECS may
 * accept changes while it answers no reads. If another run may hold the service, one failed read is
 * not enough: a run that was cut off must first see whether it still is.
 */
export async function mayUndo(lease: Lease, clock: Clock): Promise<void> {
  try {
    await confirmed(lease, clock, () => lease.takenBy === null && lease.isInDoubt);
  } catch (error) {
    if (lease.takenBy !== null) throw error;
  }
}
