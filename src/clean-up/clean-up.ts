import {
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
  type ECSClient,
} from '@aws-sdk/client-ecs';
import { taskDefinitionParts } from '../arn/arn.ts';
import type { Clients } from '../aws/clients.ts';
import { allPages } from '../aws/all-pages.ts';
import { everyService } from '../aws/every-service.ts';
import { explained } from '../aws/refusals.ts';
import { isOurs } from '../provenance/provenance.ts';
import { taskDefinitionsInUse } from './in-use.ts';
import { superfluous } from './superfluous.ts';

export interface CleanUpRequest {
  readonly clusters: readonly string[];
  /** Names of services; null: every one of the clusters. */
  readonly services: readonly string[] | null;
  /** So many of the newest revisions of each family stay. */
  readonly keepRevisions: number;
  /** Only tells. */
  readonly dryRun: boolean;
}

/** What became of a family of task definitions. */
export interface CleanedUp {
  readonly family: string;
  /** ARNs of the revisions that were deregistered, or would be. */
  readonly deregistered: readonly string[];
}

/** ECS takes one change of a task definition a second, from all of the account: a backlog is worked off schedule by schedule. */
const MOST_AT_ONCE = 20;

/**
 * Deregisters old task definition revisions of the services' families: those that ecs-ramp registered (their tags say so), that are
 * not among the newest, and that no service, deployment or task of any cluster of the region names. A deregistered revision can still be
 * read, and be gone back to. Rejects with Refused.
 */
export async function cleanUp(
  { clusters, services, keepRevisions, dryRun }: CleanUpRequest,
  ecs: ECSClient,
): Promise<readonly CleanedUp[]> {
  const found = (await Promise.all(clusters.map((cluster) => everyService(ecs, cluster)))).flat();
  const chosen = found.filter(({ serviceName }) => services === null || services.includes(serviceName!));
  const families = new Set(
    chosen.flatMap(({ taskDefinition }) =>
      taskDefinition ? taskDefinitionParts(taskDefinition).family : [],
    ),
  );
  const inUse = await taskDefinitionsInUse(ecs);
  const cleaned: CleanedUp[] = [];
  for (const family of [...families].sort()) {
    const deregistered: string[] = [];
    for (const arn of superfluous(await revisionsOf(ecs, family), { keep: keepRevisions, inUse })) {
      if (deregistered.length >= MOST_AT_ONCE) break;
      if (!(await isRegisteredByUs(ecs, arn))) continue;
      if (!dryRun) await deregister(ecs, arn);
      deregistered.push(arn);
    }
    cleaned.push({ family, deregistered });
  }
  return cleaned;
}

/** Nothing, where all are to stay. */
export async function cleanUpIfAsked(
  {
    keepRevisions,
    ...request
  }: Omit<CleanUpRequest, 'keepRevisions'> & { readonly keepRevisions: number | null },
  clients: Pick<Clients, 'ecs'>,
): Promise<readonly CleanedUp[]> {
  return keepRevisions === null ? [] : cleanUp({ ...request, keepRevisions }, await clients.ecs());
}

/** A line for each family of which something was deregistered. Pure. */
export function cleanedUpInWords(
  cleaned: readonly CleanedUp[],
  { dryRun }: Pick<CleanUpRequest, 'dryRun'>,
): readonly string[] {
  return cleaned
    .filter(({ deregistered }) => deregistered.length > 0)
    .map(({ family, deregistered }) => {
      const revisions = deregistered.map((arn) => taskDefinitionParts(arn).revision).join(', ');
      return `${family}: revisions ${revisions} ${dryRun ? 'would be' : 'were'} deregistered: old, and used by nothing`;
    });
}

/** The active ones, newest first. */
function revisionsOf(ecs: ECSClient, family: string): Promise<readonly string[]> {
  return allPages(async (nextToken) => {
    const listed = ecs.send(
      new ListTaskDefinitionsCommand({
        familyPrefix: family,
        status: 'ACTIVE',
        sort: 'DESC',
        ...(nextToken && { nextToken }),
      }),
    );
    const page = await explained('ecs:ListTaskDefinitions', `family ${family}`, listed);
    const own = (page.taskDefinitionArns ?? []).filter((arn) => taskDefinitionParts(arn).family === family);
    return { items: own, nextToken: page.nextToken };
  });
}

async function isRegisteredByUs(ecs: ECSClient, taskDefinition: string): Promise<boolean> {
  const described = ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] }));
  const { tags } = await explained(
    'ecs:DescribeTaskDefinition',
    `task definition ${taskDefinition}`,
    described,
  );
  return isOurs(tags ?? []);
}

async function deregister(ecs: ECSClient, taskDefinition: string): Promise<void> {
  const done = ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
  await explained('ecs:DeregisterTaskDefinition', `task definition ${taskDefinition}`, done);
}
