import { StopServiceDeploymentCommand, type ECSClient } from '@aws-sdk/client-ecs';
import { withTimeout } from '../../aws/with-timeout.ts';
import { hasCode } from '../../aws/errors.ts';
import { ACT_LIMIT } from '../../aws/lease/times.ts';
import type { Lease } from '../../aws/lease/lease.ts';
import type { Clock } from '../../core/time/clock.ts';

/** Asks ECS to roll a deployment back, at whatever stage. Of one that has ended, or is on its way back already, nothing is asked. */
export async function stopDeployment(ecs: ECSClient, clock: Clock, id: string): Promise<void> {
  const command = new StopServiceDeploymentCommand({ serviceDeploymentArn: id, stopType: 'ROLLBACK' });
  try {
    await withTimeout(clock, ACT_LIMIT, (bound) => ecs.send(command, bound));
  } catch (error) {
    // The next look tells which.
    if (!hasCode(error, 'ConflictException')) throw error;
  }
}

/** Before a rollback: a lease that cannot be read does not keep from the safe side; another run's does. */
export async function mayUndo(lease: Lease): Promise<void> {
  await lease.confirm().catch((error: unknown) => {
    if (lease.takenBy !== null) throw error;
  });
}
