import type { StrategyName } from '../../core/plan/strategies.ts';
import type { ECSClient, ServiceDeployment } from '@aws-sdk/client-ecs';
import type { RolloutRequest } from '../../core/request.ts';
import { SECOND, sleep, type Clock } from '../../core/time/clock.ts';
import { strategyNamed } from '../../rollout/strategies/strategies.ts';
import { deploymentInProgress, taskDefinitionOf } from '../../aws/ecs/service-deployments.ts';
import type { NewEvent } from '../../core/trail/event.ts';
import { UserError } from '../../core/failure.ts';
import type { ServiceRef } from '../../core/service-ref.ts';

export interface ConflictOptions {
  readonly ecs: ECSClient;
  readonly clock: Clock;
  readonly service: ServiceRef & { readonly strategy: StrategyName };
  readonly rollout: RolloutRequest;
  readonly cancelled: AbortSignal;
  readonly tell: (event: NewEvent) => void;
}

/**
 * Waits for the end of another deployment or refuses, depending on on-conflict. Returns true if an
 * earlier run of this release started the deployment: then the rollout continues it.
 */
export async function waitForOtherDeployment(
  options: ConflictOptions,
  taskDefinitionArn: string,
): Promise<boolean> {
  const { ecs, clock, rollout, service } = options;
  const since = clock.now();
  const until = since + rollout.conflictTimeout;
  let saidAt = -Infinity;
  for (;;) {
    const running = await deploymentInProgress(ecs, service);
    if (running === null) return false;
    if (await isThisRelease(options, running, taskDefinitionArn)) return true;
    const other = inWords(running);
    if (rollout.onConflict === 'fail') {
      throw new UserError(
        `${other} Nothing was started (on-conflict: fail). Run the job again when it has ended.`,
      );
    }
    if (clock.now() >= until) {
      throw new UserError(`${other} It did not end within conflict-timeout. Nothing was started.`);
    }
    if (options.cancelled.aborted)
      throw new UserError(`Cancelled while waiting. ${other} Nothing was started.`);
    if (clock.now() - saidAt >= 25 * SECOND) {
      saidAt = clock.now();
      options.tell({
        kind: 'waiting',
        what: `another deployment to end: ${other}`,
        since,
        until,
        otherwise: 'this job fails',
      });
    }
    await sleep(clock, 5 * SECOND, options.cancelled);
  }
}

/** Only a deployment that does not roll back and has the same strategy can be continued. */
async function isThisRelease(
  { ecs, service }: ConflictOptions,
  running: ServiceDeployment,
  taskDefinitionArn: string,
): Promise<boolean> {
  if (running.status !== 'PENDING' && running.status !== 'IN_PROGRESS') return false;
  if (!strategyNamed(service.strategy).isOwn(running.deploymentConfiguration)) return false;
  return (await taskDefinitionOf(ecs, running)) === taskDefinitionArn;
}

function inWords(running: ServiceDeployment): string {
  const { createdAt } = running;
  const stage = running.lifecycleStage ? `, ${running.lifecycleStage}` : '';
  return `Service deployment ${running.serviceDeploymentArn} is ${running.status}${stage}; it was created at ${createdAt && !Number.isNaN(createdAt.getTime()) ? createdAt.toISOString() : 'an unknown time'}.`;
}
