import {
  ContinueServiceDeploymentCommand,
  StopServiceDeploymentCommand,
  type ECSClient,
  type ServiceDeployment,
} from '@aws-sdk/client-ecs';
import { hasCode } from '../../aws/errors.ts';
import { trafficOf } from '../strategies/strategies.ts';
import { describeDeployment } from '../../aws/ecs/service-deployments.ts';

/**
 * Rolls a deployment back. Stopping works at every stage. If it is refused at a pause, the pause is
 * answered instead. Resolves to true when the deployment has ended on the new revision.
 */
export async function turnBack(ecs: ECSClient, deployment: ServiceDeployment): Promise<boolean> {
  const serviceDeploymentArn = deployment.serviceDeploymentArn!;
  const { pause, keep } = trafficOf(deployment);
  const open = pause ?? keep;
  try {
    await ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' }));
  } catch (error) {
    if (!hasCode(error, 'ConflictException')) {
      if (open === undefined) throw error;
      const answer = { serviceDeploymentArn, hookId: open.id, action: 'ROLLBACK' } as const;
      await ecs.send(new ContinueServiceDeploymentCommand(answer)).catch(() => Promise.reject(error));
      return false;
    }
    return (await describeDeployment(ecs, serviceDeploymentArn))?.status === 'SUCCESSFUL';
  }
  return false;
}
