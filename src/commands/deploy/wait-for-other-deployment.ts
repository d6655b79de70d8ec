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
 * Makes sure that nobody else's deployment is under way: waits for its end or refuses, as on-conflict says. Returns true when
 * what is under way is an earlier run's of this very release, which the rollout adopts.
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
      throw new UserError(`${other} It had not ended within the conflict-timeout; nothing was started.`);
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

/** Only a deployment that is still on its way forward, and as this one would be, can be carried on. */
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
  return `Service deployment ${running.serviceDeploymentArn} is ${running.status}${stage} since ${createdAt && !Number.isNaN(createdAt.getTime()) ? createdAt.toISOString() : 'a time not told'}.`;
}
