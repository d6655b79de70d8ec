import { ContinueServiceDeploymentCommand, type ECSClient } from '@aws-sdk/client-ecs';
import { hasCode } from '../../aws/errors.ts';
import { ACT_LIMIT } from '../../aws/lease/times.ts';
import { withTimeout } from '../../aws/with-timeout.ts';
import type { Clock } from '../../core/time/clock.ts';
import type { Traffic } from './traffic-mover.ts';

/**
 * Ends the pause that keeps the old revision: ECS removes it, and the deployment ends on the new
 * revision. Does nothing if the pause has just ended. Rejects with UserError.
 */
export async function endKeep(
  ecs: ECSClient,
  clock: Clock,
  { id, keep }: Pick<Traffic, 'id'> & Required<Pick<Traffic, 'keep'>>,
): Promise<void> {
  const command = new ContinueServiceDeploymentCommand({
    serviceDeploymentArn: id,
    hookId: keep.id,
    action: 'CONTINUE',
  });
  try {
    await withTimeout(clock, ACT_LIMIT, (bound) => ecs.send(command, bound));
  } catch (error) {
    if (!hasCode(error, 'InvalidParameterException', 'ConflictException')) throw error;
  }
}
