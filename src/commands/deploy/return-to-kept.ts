import { unlessCancelled } from '../../core/time/unless-cancelled.ts';
import type { Service } from '@aws-sdk/client-ecs';
import { pin } from '../../image/pin.ts';
import type { Request } from '../../core/request.ts';
import { findService } from '../../aws/ecs/find-service.ts';
import { sameTaskDefinition, type SameTaskDefinition } from '../../aws/task-definition/same.ts';
import { trafficOf } from '../../rollout/strategies/strategies.ts';
import { rollBackHot } from '../rollback/hot.ts';
import { readDeploymentUnderWay, type DeploymentUnderWay } from '../rollback/under-way.ts';
import { isSameCommit } from './commit-order/commit-order.ts';
import type { CommitOrderGuard } from './commit-order/guard.ts';
import type { DeployContext } from './context.ts';
import type { DeployResult } from './result.ts';

/** A release that has all of the traffic, and keeps its old revision. */
interface Kept {
  readonly service: Service;
  readonly underWay: DeploymentUnderWay & { readonly from: NonNullable<DeploymentUnderWay['from']> };
  /** Set if the old revision is exactly what this release asks for. */
  readonly same: SameTaskDefinition | null;
  /** This release would end the time for which the old revision is kept. */
  readonly isOurs: boolean;
}

type Ports = DeployContext & { readonly guard: CommitOrderGuard };

/**
 * Moves the traffic back to the old revision if that is the release, and its tasks still run: with
 * one call, without a build. `null` if this is not the case, or no longer. Rejects with UserError
 * while production is untouched, also if the release that keeps it is newer.
 */
export async function returnToKept(request: Request, ports: Ports): Promise<DeployResult | null> {
  const kept = await unlessCancelled(() => findKept(request, ports), ports).catch(() => null);
  if (kept === null) return null;
  const { service, underWay, same, isOurs } = kept;
  const { from, to } = underWay;
  if (same || isOurs) await ports.guard.confirm(to.taskDefinitionArn);
  if (same === null) return null;
  ports.tell({
    kind: 'task-definition-ready',
    taskDefinitionArn: from.taskDefinitionArn,
    previousTaskDefinitionArn: to.taskDefinitionArn,
    unchanged: true,
    ...same,
  });
  const { actor, runUrl } = request.source;
  const by = `${actor ?? 'The command line'}${runUrl === null ? '' : ` (${runUrl})`}`;
  const because = `${by} released it again while its tasks were still kept`;
  return rollBackHot(request, { service, underWay }, { ...ports, by, because });
}

/** Reads nothing but the service when no deployment is in progress. */
async function findKept(request: Request, { clients: ports, cancelled }: Ports): Promise<Kept | null> {
  const clients = ports.patient ?? ports;
  const ecs = await clients.ecs();
  const service = await findService(ecs, request);
  const { deployments = [], clusterArn, serviceName } = service;
  if (deployments.every(({ rolloutState }) => rolloutState !== 'IN_PROGRESS') && deployments.length < 2)
    return null;
  const underWay = await readDeploymentUnderWay(ecs, { cluster: clusterArn!, name: serviceName! });
  if (underWay?.from == null || underWay.from.taskDefinitionArn === underWay.to.taskDefinitionArn)
    return null;
  const { from, to } = underWay;
  const { phase, keep } = trafficOf(underWay.deployment);
  if (phase !== 'keeping-old') return null;
  const found = { service, underWay: { ...underWay, from }, isOurs: keep !== undefined };
  const { image, source } = request;
  const isItsCommit =
    image.kind === 'build' &&
    source.commit !== null &&
    from.commit !== null &&
    isSameCommit(source.commit, from.commit);
  if (image.kind === 'build' && !isItsCommit) return { ...found, same: null };
  const same = await sameTaskDefinition(
    {
      request: request.taskDefinition,
      // Another build of the same commit would only have another digest.
      image: image.kind === 'given' ? (await pin(image.reference, clients.ecr)).reference : null,
      currentArn: to.taskDefinitionArn,
      ecs,
      signal: cancelled,
    },
    from.taskDefinitionArn,
  );
  return { ...found, same };
}
