import {
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
  type ECSClient,
  type Tag,
  type TaskDefinitionStatus,
} from '@aws-sdk/client-ecs';
import { taskDefinitionParts } from '../../../core/arn.ts';
import { allPages } from '../../../aws/all-pages.ts';
import { everyService } from '../../../aws/ecs/every-service.ts';
import type { RetentionRequest } from '../../../inputs/maintenance.ts';

/** The families of the services, with the service and its retention settings. */
export async function familiesOf(
  ecs: ECSClient,
  charges: readonly RetentionRequest[],
): Promise<
  readonly { readonly family: string; readonly service: string; readonly charge: RetentionRequest }[]
> {
  const clusters = [...new Set(charges.map(({ cluster }) => cluster))];
  const found = new Map(
    await Promise.all(clusters.map(async (cluster) => [cluster, await everyService(ecs, cluster)] as const)),
  );
  return charges.flatMap((charge) =>
    (found.get(charge.cluster) ?? []).flatMap(({ serviceName = '', taskDefinition }) =>
      taskDefinition && (charge.services === null || charge.services.includes(serviceName))
        ? [{ family: taskDefinitionParts(taskDefinition).family, service: serviceName, charge }]
        : [],
    ),
  );
}

/** ARNs of revisions of one family or of all, newest first. */
export function revisionsOf(
  ecs: ECSClient,
  { family = null, status }: { readonly family?: string | null; readonly status: TaskDefinitionStatus },
): Promise<readonly string[]> {
  return allPages(async (nextToken) => {
    const page = await ecs.send(
      new ListTaskDefinitionsCommand({
        ...(family !== null && { familyPrefix: family }),
        status,
        sort: 'DESC',
        ...(nextToken && { nextToken }),
      }),
    );
    const arns = page.taskDefinitionArns ?? [];
    // `familyPrefix` also matches longer names.
    const own = family === null ? arns : arns.filter((arn) => taskDefinitionParts(arn).family === family);
    return { items: own, nextToken: page.nextToken };
  });
}

/** The tags of a task definition, and the images of its containers. */
export async function describe(
  ecs: ECSClient,
  arn: string,
): Promise<{ readonly tags: readonly Tag[]; readonly images: readonly string[] }> {
  const { tags = [], taskDefinition } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: arn, include: ['TAGS'] }),
  );
  return {
    tags,
    images: (taskDefinition?.containerDefinitions ?? []).flatMap(({ image }) => image ?? []),
  };
}
