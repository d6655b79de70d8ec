import { StopServiceDeploymentCommand, type ECSClient } from '@aws-sdk/client-ecs';
import { withTimeout } from '../../aws/with-timeout.ts';
import { hasCode, isTroubleOfAws } from '../../aws/errors.ts';
import { ACT_LIMIT } from '../../aws/lease/times.ts';
import { confirmed } from '../../aws/lease/confirmed.ts';
import type { Lease } from '../../aws/lease/lease.ts';
import { UserError } from '../../core/failure.ts';
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

/** A rollback was not requested, because another run may hold the service. */
export class LeaseInDoubt extends UserError {
  override readonly name = 'LeaseInDoubt';
}

/**
 * Confirms the lease before a rollback. A read that fails does not prevent the rollback: ECS may
 * accept changes while it answers no reads. If the lease may have ended, ECS must answer each of
 * three reads with an error of its own, because then no other run can read and take over either. A
 * run that gets no answer, or whose credentials AWS rejects, may be the only one that cannot read, so
 * it rolls nothing back. Rejects with UserError.
 */
export async function mayUndo(lease: Lease, clock: Clock): Promise<void> {
  try {
    await confirmed(lease, clock, (error) => lease.isInDoubt && isTroubleOfAws(error));
  } catch (error) {
    if (lease.takenBy !== null) throw error;
    if (lease.isInDoubt && !isTroubleOfAws(error)) {
      const message =
        'This run could not read its run tag for so long that another run may have taken over the service.';
      throw new LeaseInDoubt(message, { cause: error });
    }
  }
}
