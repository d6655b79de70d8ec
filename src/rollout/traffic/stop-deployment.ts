import { StopServiceDeploymentCommand, type ECSClient } from '@aws-sdk/client-ecs';
import { withTimeout } from '../../aws/with-timeout.ts';
import { hasCode } from '../../aws/errors.ts';
import { ACT_LIMIT } from '../../aws/lease/times.ts';
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
 * Confirms the lease before a rollback. A read that fails does not prevent the rollback, unless
 * another run may hold the service: ECS then rolls back at its own timeout.
 */
export async function mayUndo(lease: Lease): Promise<void> {
  await lease.confirm().catch((error: unknown) => {
    if (lease.takenBy !== null || lease.isInDoubt) throw error;
  });
}
