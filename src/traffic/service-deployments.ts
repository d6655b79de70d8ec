import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ListServiceDeploymentsCommand,
  type ECSClient,
  type ServiceDeployment,
  type ServiceRevision,
} from '@aws-sdk/client-ecs';
import { explained } from '../aws/refusals.ts';

/** Reads of ECS's service deployments and revisions, as small as the rollout needs them. */

/** The deployment that ECS is carrying out for a service now; null: none. Refusals in words. */
export async function deploymentInProgress(
  ecs: ECSClient,
  service: { readonly cluster: string; readonly name: string },
): Promise<ServiceDeployment | null> {
  const listed = await explained(
    'ecs:ListServiceDeployments',
    `service ${service.name}`,
    ecs.send(
      new ListServiceDeploymentsCommand({
        cluster: service.cluster,
        service: service.name,
        status: ['PENDING', 'IN_PROGRESS', 'STOP_REQUESTED', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS'],
      }),
    ),
  );
  const newest = (listed.serviceDeployments ?? [])
    .filter((brief) => brief.serviceDeploymentArn !== undefined)
    .sort((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0))[0];
  return newest ? await describeDeployment(ecs, newest.serviceDeploymentArn!) : null;
}

/** Null: ECS does not know it (yet). Refusals in words. */
export async function describeDeployment(ecs: ECSClient, arn: string): Promise<ServiceDeployment | null> {
  const answer = await explained(
    'ecs:DescribeServiceDeployments',
    `service deployment ${arn}`,
    ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] })),
  );
  return answer.serviceDeployments?.[0] ?? null;
}

/** In the order of `arns`; one that ECS does not know is left out. */
export async function describeRevisions(
  ecs: ECSClient,
  arns: readonly string[],
): Promise<readonly ServiceRevision[]> {
  if (arns.length === 0) return [];
  const answer = await explained(
    'ecs:DescribeServiceRevisions',
    `service revisions ${arns.join(', ')}`,
    ecs.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns: [...arns] })),
  );
  const found = new Map(answer.serviceRevisions?.map((revision) => [revision.serviceRevisionArn, revision]));
  return arns.flatMap((arn) => found.get(arn) ?? []);
}

/** The task definition that a deployment brings; null while ECS does not tell. */
export async function taskDefinitionOf(
  ecs: ECSClient,
  deployment: ServiceDeployment,
): Promise<string | null> {
  const target = deployment.targetServiceRevision?.arn;
  if (!target) return null;
  const [revision] = await describeRevisions(ecs, [target]);
  return revision?.taskDefinition ?? null;
}
