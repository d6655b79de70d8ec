import type { ECSClient } from '@aws-sdk/client-ecs';
import { hasCode } from '../../aws/errors.ts';
import type { Clock } from '../../core/time/clock.ts';
import { answerPause } from './answer-pause.ts';
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
  try {
    await answerPause({ ecs, clock }, id, { pause: keep, action: 'CONTINUE' });
  } catch (error) {
    if (!hasCode(error, 'InvalidParameterException', 'ConflictException')) throw error;
  }
}
