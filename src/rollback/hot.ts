import {
  ContinueServiceDeploymentCommand,
  StopServiceDeploymentCommand,
  type ECSClient,
  type Service,
  type ServiceDeployment,
} from '@aws-sdk/client-ecs';
import { explained, hasCode } from '../aws/refusals.ts';
import type { DeployResult } from '../deploy/deploy.ts';
import type { RollbackRequest } from '../inputs/request.ts';
import { describeDeployment } from '../traffic/service-deployments.ts';
import { trafficOf } from '../traffic/ecs-deployment-status.ts';
import { patienceOf } from '../traffic/pause-hook.ts';
import { followBack, type Undone } from './follow.ts';
import type { RollbackPorts } from './ports.ts';
import { toldRelease, type UnderWay } from './under-way.ts';

/**
 * Undoes the deployment that is under way: one call, since the old revision still runs, then the wait for the verified end. Null:
 * it ended on the new revision before the call; nothing is hot any more. Rejects with Refused while production is untouched.
 */
export async function rollBackHot(
  request: RollbackRequest,
  { service, underWay }: { readonly service: Service; readonly underWay: UnderWay },
  ports: RollbackPorts,
): Promise<DeployResult | null> {
  const { tell } = ports;
  const { deployment, from, to } = underWay;
  if (from === null) throw new Error('a first deployment has nothing behind it');
  const serviceDeploymentArn = deployment.serviceDeploymentArn!;
  const { stage, percent } = trafficOf(deployment, null);
  const owner =
    patienceOf(deployment.deploymentConfiguration) === null ? 'It was not begun by ecs-ramp. ' : '';
  tell({
    kind: 'rollback-planned',
    serviceDeploymentArn,
    from: toldRelease(to),
    to: toldRelease(from),
    because: `the deployment under way is undone. ${owner}It stands at ${percent}% (${stage})`,
  });
  if (request.dryRun)
    return dryRun(from.taskDefinitionArn, `Service deployment ${serviceDeploymentArn} would be rolled back`);

  ports.cancelled.throwIfAborted();
  return undo(request, { service, underWay: { ...underWay, from } }, ports);
}

/** The call, and the wait for the verified end. Null: the deployment has ended on the new revision before. */
export async function undo(
  request: RollbackRequest,
  { service, underWay }: { readonly service: Service; readonly underWay: Undone },
  ports: RollbackPorts,
): Promise<DeployResult | null> {
  const { clients, clock, tell } = ports;
  const { deployment } = underWay;
  const { phase, percent } = trafficOf(deployment, null);
  const ecs = await clients.ecs();
  const at = clock.now();
  const reason = `${ports.by} asked for the rollback`;
  if (phase !== 'rolling-back' && phase !== 'rolled-back') {
    tell({ kind: 'rollback-asked', percent, cause: 'request', reason });
    const ended = await turnBack(ecs, deployment);
    if (ended) return null;
  }
  return followBack(request, { service, underWay, undoing: { at, reason, percent } }, ports);
}

/**
 * Stopping works at every stage; where it is refused at a pause, the pause may still be answered. True: the deployment has ended on
 * the new revision.
 */
async function turnBack(ecs: ECSClient, deployment: ServiceDeployment): Promise<boolean> {
  const serviceDeploymentArn = deployment.serviceDeploymentArn!;
  const { question } = trafficOf(deployment, null);
  try {
    await explained(
      'ecs:StopServiceDeployment',
      `service deployment ${serviceDeploymentArn}`,
      ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' })),
    );
  } catch (error) {
    if (!hasCode(error, 'ConflictException')) {
      if (question === null) throw error;
      const answer = { serviceDeploymentArn, hookId: question.id, action: 'ROLLBACK' } as const;
      await ecs.send(new ContinueServiceDeploymentCommand(answer)).catch(() => Promise.reject(error));
      return false;
    }
    return (await describeDeployment(ecs, serviceDeploymentArn))?.status === 'SUCCESSFUL';
  }
  return false;
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
