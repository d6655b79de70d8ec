import type { ServiceRef } from '../../core/service-ref.ts';
import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ListServiceDeploymentsCommand,
  type ECSClient,
  type ListServiceDeploymentsCommandOutput,
  type ServiceDeployment,
  type ServiceDeploymentStatus,
  type ServiceDeploymentBrief,
  type ServiceRevision,
} from '@aws-sdk/client-ecs';
import { inBatches } from '../all-pages.ts';

/** Reads ECS's service deployments and service revisions. */

/** The service deployment in progress; `null` when there is none. Rejects with UserError. */
export function deploymentInProgress(ecs: ECSClient, service: ServiceRef): Promise<ServiceDeployment | null> {
  return newestOf(ecs, service, [
    'PENDING',
    'IN_PROGRESS',
    'STOP_REQUESTED',
    'ROLLBACK_REQUESTED',
    'ROLLBACK_IN_PROGRESS',
  ]);
}

/** The newest deployment in any state; `null` when ECS lists none. Rejects with UserError. */
export function newestDeployment(ecs: ECSClient, service: ServiceRef): Promise<ServiceDeployment | null> {
  return newestOf(ecs, service);
}

async function newestOf(
  ecs: ECSClient,
  service: ServiceRef,
  status?: ServiceDeploymentStatus[],
): Promise<ServiceDeployment | null> {
  const listed = await ecs.send(
    new ListServiceDeploymentsCommand({
      cluster: service.cluster,
      service: service.name,
      ...(status && { status }),
    }),
  );
  const newest = newestFirst(listed.serviceDeployments)[0];
  return newest ? await describeDeployment(ecs, newest.serviceDeploymentArn!) : null;
}

/**
 * The service's newest deployments in any state, newest first. ECS keeps them for 90 days. Rejects
 * with UserError.
 */
export async function listDeployments(
  ecs: ECSClient,
  service: ServiceRef,
  most: number,
): Promise<readonly ServiceDeployment[]> {
  const found: ServiceDeploymentBrief[] = [];
  let nextToken: string | undefined;
  do {
    const page: ListServiceDeploymentsCommandOutput = await ecs.send(
      new ListServiceDeploymentsCommand({
        cluster: service.cluster,
        service: service.name,
        maxResults: Math.min(most - found.length, 100),
        ...(nextToken && { nextToken }),
      }),
    );
    found.push(...(page.serviceDeployments ?? []));
    nextToken = page.nextToken;
  } while (nextToken && found.length < most);
  return describeDeployments(
    ecs,
    newestFirst(found).map(({ serviceDeploymentArn }) => serviceDeploymentArn!),
  );
}

function newestFirst(briefs: readonly ServiceDeploymentBrief[] = []): ServiceDeploymentBrief[] {
  return briefs
    .filter((brief) => brief.serviceDeploymentArn !== undefined)
    .sort((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0));
}

/** `null` when ECS does not know it (yet). Rejects with UserError. */
export async function describeDeployment(ecs: ECSClient, arn: string): Promise<ServiceDeployment | null> {
  return (await describeDeployments(ecs, [arn]))[0] ?? null;
}

/** Maximum of one call, for deployments and for revisions. */
const AT_ONCE = 20;

/** In the order of `arns`; those that ECS does not know are omitted. Rejects with UserError. */
export async function describeDeployments(
  ecs: ECSClient,
  arns: readonly string[],
): Promise<readonly ServiceDeployment[]> {
  const found = await describeAll(arns, async (batch) => {
    const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: batch });
    return (await ecs.send(command)).serviceDeployments;
  });
  const byArn = new Map(found.map((deployment) => [deployment.serviceDeploymentArn, deployment]));
  return arns.flatMap((arn) => byArn.get(arn) ?? []);
}

/** In the order of `arns`; those that ECS does not know are omitted. Rejects with UserError. */
export async function describeRevisions(
  ecs: ECSClient,
  arns: readonly string[],
): Promise<readonly ServiceRevision[]> {
  const found = await describeAll(arns, async (batch) => {
    const command = new DescribeServiceRevisionsCommand({ serviceRevisionArns: batch });
    return (await ecs.send(command)).serviceRevisions;
  });
  const byArn = new Map(found.map((revision) => [revision.serviceRevisionArn, revision]));
  return arns.flatMap((arn) => byArn.get(arn) ?? []);
}

async function describeAll<T>(
  arns: readonly string[],
  describe: (batch: string[]) => Promise<T[] | undefined>,
): Promise<readonly T[]> {
  const answers = await Promise.all(inBatches([...new Set(arns)], AT_ONCE).map(describe));
  return answers.flatMap((answer) => answer ?? []);
}

/** The task definition that a deployment releases; `null` while ECS does not report it. */
export async function taskDefinitionOf(
  ecs: ECSClient,
  deployment: ServiceDeployment,
): Promise<string | null> {
  const target = deployment.targetServiceRevision?.arn;
  if (!target) return null;
  const [revision] = await describeRevisions(ecs, [target]);
  return revision?.taskDefinition ?? null;
}
