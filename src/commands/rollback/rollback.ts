import type { DeployResult } from '../deploy/deploy.ts';
import type { RollbackRequest } from '../../core/request.ts';
import { findService } from '../../aws/ecs/find-service.ts';
import { describeDeployment } from '../../aws/ecs/service-deployments.ts';
import { rollBackCold } from './cold.ts';
import { rollBackHot, undo } from './hot.ts';
import type { RollbackContext } from './context.ts';
import { isHot, readDeploymentUnderWay, releasesOf } from './under-way.ts';
import { UserError } from '../../core/failure.ts';

/**
 * Takes a service back to an earlier release: in one call while that still runs, else by rolling it out again. `deployed` and
 * `unchanged` mean that the earlier release serves; `rolled-back`, that its rollout was undone in its turn. Rejects only while
 * production is untouched, in words.
 */
export async function rollBackRelease(
  request: RollbackRequest,
  ports: RollbackContext,
): Promise<DeployResult> {
  try {
    return await goBack(request, ports);
  } catch (error) {
    if (!ports.cancelled.aborted) throw error;
    // Whatever was under way was ended by the cancellation, and says so in its own odd ways.
    const by = String(ports.cancelled.reason);
    throw new UserError(`The job was cancelled (${by}) before anything was done.`, { cause: error });
  }
}

async function goBack(request: RollbackRequest, ports: RollbackContext): Promise<DeployResult> {
  const ecs = await ports.clients.ecs();
  const service = await findService(ecs, request);
  const place = { cluster: service.clusterArn!, name: service.serviceName! };
  const underWay = await readDeploymentUnderWay(ecs, place);
  if (underWay?.from === null && request.to === null) {
    throw new UserError(
      `There is nothing to return to: the deployment under way, of ${underWay.to.taskDefinitionArn}, is the first one of service ${place.name}.`,
    );
  }
  if (underWay !== null && isHot(underWay, request.to)) {
    const result = await rollBackHot(request, { service, underWay }, ports);
    if (result !== null) return result;
    // It ended on the new revision a moment before: that is what has to be left now.
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
      serving: underWay?.from?.taskDefinitionArn ?? service.taskDefinition!,
      begun: isOwn
        ? { release: underWay.to, because: 'an earlier run is on its way there', undone: false }
        : null,
    },
    ports,
  );
}

/**
 * Undoes the deployment that an earlier process of this rollback was to undo, or follows it if that was asked for. Null: it has
 * ended on the new revision. Rejects with UserError.
 */
export async function undoStill(
  request: RollbackRequest,
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
