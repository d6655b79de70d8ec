import type { ECSClient, ServiceDeployment } from '@aws-sdk/client-ecs';
import { isReturn, readReleases, type Release } from '../../aws/ecs/releases.ts';
import { deploymentInProgress, describeRevisions } from '../../aws/ecs/service-deployments.ts';
import type { ReleaseInTrail } from '../../core/trail/event.ts';
import type { ServiceRef } from '../../core/service-ref.ts';

/** A deployment in progress, between two releases. */
export interface DeploymentUnderWay {
  readonly deployment: ServiceDeployment;
  /** `null` for the first deployment of the service. */
  readonly from: Release | null;
  readonly to: Release;
}

/** `null` if no deployment is in progress. Rejects with UserError. */
export async function readDeploymentUnderWay(
  ecs: ECSClient,
  service: ServiceRef,
): Promise<DeploymentUnderWay | null> {
  const deployment = await deploymentInProgress(ecs, service);
  return deployment && releasesOf(ecs, deployment);
}

/**
 * The old and the new release of a deployment; `null` if ECS does not report them. Rejects with
 * UserError.
 */
export async function releasesOf(
  ecs: ECSClient,
  deployment: ServiceDeployment,
): Promise<DeploymentUnderWay | null> {
  const target = deployment.targetServiceRevision?.arn;
  const source = deployment.sourceServiceRevisions?.at(-1)?.arn;
  if (!target) return null;
  const revisions = await describeRevisions(ecs, [target, ...(source ? [source] : [])]);
  const arnOf = (revision: string | undefined) =>
    revisions.find(({ serviceRevisionArn }) => serviceRevisionArn === revision)?.taskDefinition;
  const [to, from] = [arnOf(target), arnOf(source)];
  if (to === undefined) return null;
  const releases = await readReleases(ecs, [to, ...(from ? [from] : [])]);
  return { deployment, to: releases.get(to)!, from: releases.get(from ?? '') ?? null };
}

/** Whether rolling back this deployment is the requested rollback, which takes one call. Pure. */
export function isHot({ from, to }: DeploymentUnderWay, wanted: string | null): boolean {
  if (from === null || from.taskDefinitionArn === to.taskDefinitionArn) return false;
  if (wanted !== null) return names(wanted, from);
  // A rollback that an earlier run started is continued, not rolled back.
  return !isReturn(from.taskDefinitionArn, to);
}

function names(wanted: string, { taskDefinitionArn, commit }: Release): boolean {
  return (
    taskDefinitionArn === wanted ||
    taskDefinitionArn.endsWith(`:task-definition/${wanted}`) ||
    (/^[0-9a-f]{7,40}$/i.test(wanted) && (commit?.startsWith(wanted.toLowerCase()) ?? false))
  );
}

/** The release as it is recorded in the trail. */
export function releaseEvent({ taskDefinitionArn, commit, actor, run }: Release): ReleaseInTrail {
  return { taskDefinitionArn, commit, actor, run };
}
