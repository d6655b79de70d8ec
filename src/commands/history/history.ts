import type { ECSClient, ServiceDeployment } from '@aws-sdk/client-ecs';
import { describeRevisions, listDeployments } from '../../aws/ecs/service-deployments.ts';
import { versionOf, type Version } from '../../aws/ecs/releases.ts';
import type { ServiceRef } from '../../core/service-ref.ts';

/** A service deployment that ECS remembers, whatever became of it. */
export interface PastDeployment {
  readonly serviceDeploymentArn: string;
  /** ECS's own word: SUCCESSFUL, ROLLBACK_SUCCESSFUL, STOPPED, IN_PROGRESS. */
  readonly status: string;
  /** Why it ended so, in ECS's words; null: it says nothing. */
  readonly reason: string | null;
  readonly createdAt: number;
  /** Null: it is under way. */
  readonly finishedAt: number | null;
  /** Null: the first of the service, or ECS does not tell any more. */
  readonly from: Version | null;
  readonly to: Version | null;
}

/** The newest `most` deployments of a service, newest first. Three calls for twenty of them. Refusals in words. */
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
    return {
      serviceDeploymentArn: deployment.serviceDeploymentArn!,
      status: deployment.status ?? 'UNKNOWN',
      reason: deployment.rollback?.reason ?? deployment.statusReason ?? null,
      createdAt: deployment.createdAt?.getTime() ?? 0,
      finishedAt: deployment.finishedAt?.getTime() ?? deployment.stoppedAt?.getTime() ?? null,
      from: from ?? null,
      to: to ?? null,
    };
  });
}

function arnsOf(deployment: ServiceDeployment): readonly [from: string | undefined, to: string | undefined] {
  return [deployment.sourceServiceRevisions?.at(-1)?.arn, deployment.targetServiceRevision?.arn];
}
