import type { ECSClient, ServiceDeployment } from '@aws-sdk/client-ecs';
import { deploymentReason } from '../../aws/ecs/deployment-reason.ts';
import { describeRevisions, listDeployments } from '../../aws/ecs/service-deployments.ts';
import { versionOf, type Version } from '../../aws/ecs/releases.ts';
import { trafficOf } from '../../rollout/strategies/strategies.ts';
import type { ServiceRef } from '../../core/service-ref.ts';

/** A service deployment that ECS lists, with any outcome. */
export interface PastDeployment {
  readonly serviceDeploymentArn: string;
  /** The status in ECS: SUCCESSFUL, ROLLBACK_SUCCESSFUL, STOPPED, IN_PROGRESS. */
  readonly status: string;
  /** The reason that ECS reports; `null` for none. */
  readonly reason: string | null;
  readonly createdAt: number;
  /** `null` if it is in progress. */
  readonly finishedAt: number | null;
  /** Until when its old revision is kept: it has all of the traffic. Absent: it is not kept. */
  readonly oldRevisionUntil?: number;
  /** `null` for the first deployment of the service, or if ECS no longer reports it. */
  readonly from: Version | null;
  readonly to: Version | null;
}

/**
 * The newest `most` deployments, newest first. Three calls for 20 of them. Rejects with UserError.
 */
export async function readDeploymentHistory(
  ecs: ECSClient,
  service: ServiceRef,
  most: number,
): Promise<readonly PastDeployment[]> {
  const deployments = await listDeployments(ecs, service, most);
  const revisions = await describeRevisions(
    ecs,
    deployments.flatMap((deployment) => arnsOf(deployment).filter((arn) => arn !== undefined)),
  );
  const versions = new Map(
    revisions.map((revision) => [revision.serviceRevisionArn, versionOf(revision)] as const),
  );
  return deployments.map((deployment) => {
    const [from, to] = arnsOf(deployment).map((arn) => versions.get(arn) ?? null);
    const { oldRevisionUntil } = trafficOf(deployment);
    return {
      serviceDeploymentArn: deployment.serviceDeploymentArn!,
      status: deployment.status ?? 'UNKNOWN',
      reason: deploymentReason(deployment),
      createdAt: deployment.createdAt?.getTime() ?? 0,
      finishedAt: deployment.finishedAt?.getTime() ?? deployment.stoppedAt?.getTime() ?? null,
      ...(oldRevisionUntil !== null && { oldRevisionUntil }),
      from: from ?? null,
      to: to ?? null,
    };
  });
}

function arnsOf(deployment: ServiceDeployment): readonly [from: string | undefined, to: string | undefined] {
  return [deployment.sourceServiceRevisions?.at(-1)?.arn, deployment.targetServiceRevision?.arn];
}
