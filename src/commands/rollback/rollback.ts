import { nameOfArn } from '../../core/arn.ts';
import type { DeployResult } from '../deploy/result.ts';
import type { RollbackRequest } from '../../core/request.ts';
import { findService } from '../../aws/ecs/find-service.ts';
import { describeDeployment } from '../../aws/ecs/service-deployments.ts';
import { rollBackCold } from './cold.ts';
import { rollBackHot, undo } from './hot.ts';
import type { RollbackContext } from './context.ts';
import { isHot, readDeploymentUnderWay, releasesOf, type DeploymentUnderWay } from './under-way.ts';
import { trafficOf } from '../../rollout/strategies/strategies.ts';
import { unlessCancelled, whyCancelled } from '../../core/time/unless-cancelled.ts';
import { UserError } from '../../core/failure.ts';

/**
 * Rolls a service back to an earlier release: with one call while that release still runs,
 * otherwise by rolling it out again. `deployed` and `unchanged` mean that the earlier release
 * serves; `rolled-back` means that its rollout was itself rolled back. Rejects with UserError only
 * while production is untouched.
 */
export async function rollBackRelease(
  request: RollbackRequest,
  ports: RollbackContext,
): Promise<DeployResult> {
  try {
    return await goBack(request, ports);
  } catch (error) {
    if (!ports.cancelled.aborted) throw error;
    // The error is a consequence of the cancellation.
    throw new UserError(`${whyCancelled(ports.cancelled)} before anything was changed.`, { cause: error });
  }
}

async function goBack(request: RollbackRequest, ports: RollbackContext): Promise<DeployResult> {
  const { service, underWay } = await unlessCancelled(() => findUnderWay(request, ports), ports);
  if (underWay?.from === null && request.to === null) {
    throw new UserError(
      `There is no earlier release to roll back to: the deployment in progress, of ${nameOfArn(underWay.to.taskDefinitionArn)}, is the first one of service ${service.serviceName}.`,
    );
  }
  if (underWay !== null && isHot(underWay, request.to)) {
    const result = await rollBackHot(request, { service, underWay }, ports);
    if (result !== null) return result;
    // It has just completed on the new revision: roll back from that.
    return rollBackCold(request, { service, serving: underWay.to.taskDefinitionArn, begun: null }, ports);
  }
  const isOwn =
    underWay?.from &&
    request.to === null &&
    underWay.from.taskDefinitionArn !== underWay.to.taskDefinitionArn;
  return rollBackCold(
    request,
    {
      service,
      serving: servingIn(underWay) ?? service.taskDefinition!,
      begun: isOwn
        ? { release: underWay.to, because: 'an earlier run is already rolling back to it', undone: false }
        : null,
    },
    ports,
  );
}

async function findUnderWay(request: RollbackRequest, { clients }: RollbackContext) {
  const ecs = await clients.ecs();
  const service = await findService(ecs, request);
  const place = { cluster: service.clusterArn!, name: service.serviceName! };
  return { service, underWay: await readDeploymentUnderWay(ecs, place) };
}

/** The task definition that has most of the traffic during a deployment. */
function servingIn(underWay: DeploymentUnderWay | null): string | undefined {
  const isOnNew = underWay !== null && trafficOf(underWay.deployment).phase === 'keeping-old';
  return (isOnNew ? underWay.to : underWay?.from)?.taskDefinitionArn;
}

/**
 * Rolls back the deployment that a killed process of this rollback should have rolled back, or
 * monitors it if the rollback was already requested. `null` if it completed on the new revision.
 * Rejects with UserError.
 */
export async function undoStill(
  request: Pick<RollbackRequest, 'service' | 'cluster' | 'rollout' | 'dryRun'>,
  serviceDeploymentArn: string,
  ports: RollbackContext,
): Promise<DeployResult | null> {
  const ecs = await ports.clients.ecs();
  const service = await findService(ecs, request);
  const deployment = await describeDeployment(ecs, serviceDeploymentArn);
  const underWay = deployment && (await releasesOf(ecs, deployment));
  if (!underWay?.from || deployment?.status === 'SUCCESSFUL') return null;
  return undo(request, { service, underWay: { ...underWay, from: underWay.from } }, ports);
}
