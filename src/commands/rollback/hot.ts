import { nameOfArn } from '../../core/arn.ts';
import type { Service } from '@aws-sdk/client-ecs';
import type { DeployResult } from '../deploy/result.ts';
import { patienceOf } from '../../rollout/strategies/paused/pause-hook.ts';
import { phaseInWords } from '../../rollout/traffic/phase-in-words.ts';
import { trafficOf } from '../../rollout/strategies/strategies.ts';
import { followBack, type Undone } from './follow.ts';
import type { RollbackContext } from './context.ts';
import { turnBack } from '../../rollout/traffic/turn-back.ts';
import { releaseEvent, type DeploymentUnderWay } from './under-way.ts';
import type { RollbackRequest } from '../../core/request.ts';

/** What a rollback with one call needs of a request. */
type HotRequest = Pick<RollbackRequest, 'rollout' | 'dryRun'>;

/**
 * Rolls back the deployment in progress with one call, because the old revision still runs, and
 * waits for the verified end. `null` if the deployment completed before the call. Rejects with
 * UserError while production is untouched.
 */
export async function rollBackHot(
  request: HotRequest,
  { service, underWay }: { readonly service: Service; readonly underWay: DeploymentUnderWay },
  ports: RollbackContext,
): Promise<DeployResult | null> {
  const { tell } = ports;
  const { deployment, from, to } = underWay;
  if (from === null) throw new Error('a first deployment has nothing behind it');
  const serviceDeploymentArn = deployment.serviceDeploymentArn!;
  const traffic = trafficOf(deployment);
  const isPaused = patienceOf(deployment.deploymentConfiguration) !== null;
  // A rolling update by ecs-ramp cannot be recognized.
  const owner = isPaused || traffic.share === 'tasks' ? '' : 'It was not started by ecs-ramp. ';
  tell({
    kind: 'rollback-planned',
    serviceDeploymentArn,
    from: releaseEvent(to),
    to: releaseEvent(from),
    because: `the deployment in progress is rolled back. ${owner}It is ${phaseInWords(traffic)}`,
  });
  if (request.dryRun)
    return dryRun(
      from.taskDefinitionArn,
      `Service deployment ${nameOfArn(serviceDeploymentArn)} would be rolled back`,
    );

  ports.cancelled.throwIfAborted();
  return undo(request, { service, underWay: { ...underWay, from } }, ports);
}

/** Makes the call and waits for the verified end. `null` if the deployment completed before. */
export async function undo(
  request: HotRequest,
  { service, underWay }: { readonly service: Service; readonly underWay: Undone },
  ports: RollbackContext,
): Promise<DeployResult | null> {
  const { clients, clock, tell } = ports;
  const { deployment } = underWay;
  const { phase, percent } = trafficOf(deployment);
  const ecs = await clients.ecs();
  const at = clock.now();
  const reason = ports.because ?? `${ports.by} requested the rollback`;
  if (phase !== 'rolling-back' && phase !== 'rolled-back') {
    tell({ kind: 'rollback-requested', percent, cause: 'request', reason });
    const ended = await turnBack(ecs, deployment);
    if (ended) return null;
  }
  return followBack(request, { service, underWay, undoing: { at, reason, percent } }, ports);
}

export function dryRun(canary: string, what: string): DeployResult {
  return {
    outcome: 'unchanged',
    reason: `Dry run: ${what.charAt(0).toLowerCase()}${what.slice(1)}; nothing was changed.`,
    canaryPercent: null,
    oldRevisionUntil: null,
    canary,
  };
}
