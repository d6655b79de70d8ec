import { ContinueServiceDeploymentCommand, type ECSClient } from '@aws-sdk/client-ecs';
import { ACT_LIMIT } from '../../aws/lease/times.ts';
import { withTimeout } from '../../aws/with-timeout.ts';
import type { Clock } from '../../core/time/clock.ts';
import type { Pause } from './traffic-mover.ts';

/** Answers a pause of a service deployment. Rejects with UserError. */
export async function answerPause(
  { ecs, clock }: { readonly ecs: ECSClient; readonly clock: Clock },
  serviceDeploymentArn: string,
  { pause, action }: { readonly pause: Pause; readonly action: 'CONTINUE' | 'ROLLBACK' },
): Promise<void> {
  const command = new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId: pause.id, action });
  await withTimeout(clock, ACT_LIMIT, (bound) => ecs.send(command, bound));
}
