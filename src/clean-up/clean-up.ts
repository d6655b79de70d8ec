import {
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
  type ECSClient,
} from '@aws-sdk/client-ecs';
import { taskDefinitionParts } from '../arn/arn.ts';
import { allPages } from '../aws/all-pages.ts';
import type { Clients } from '../aws/clients.ts';
import { everyService } from '../aws/every-service.ts';
import { explained } from '../aws/refusals.ts';
import type { Charge } from '../inputs/inputs.ts';
import { isOurs } from '../provenance/provenance.ts';
import { taskDefinitionsInUse } from './in-use.ts';
import { superfluous } from './superfluous.ts';

export interface CleanUpRequest {
  readonly charges: readonly Charge[];
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
 * read, and be gone back to. Asks AWS nothing where all are to stay. Rejects with Refused.
 */
export async function cleanUp(
  { charges, dryRun }: CleanUpRequest,
  clients: Pick<Clients, 'ecs'>,
): Promise<readonly CleanedUp[]> {
  if (charges.every(({ keepRevisions }) => keepRevisions === null)) return [];
  const ecs = await clients.ecs();
  const families = await familiesOf(ecs, charges);
  const inUse = await taskDefinitionsInUse(ecs);
  const cleaned: CleanedUp[] = [];
  for (const [family, keep] of [...families].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (keep === Infinity) continue;
    const deregistered: string[] = [];
    for (const arn of superfluous(await revisionsOf(ecs, family), { keep, inUse })) {
      if (deregistered.length >= MOST_AT_ONCE) break;
      if (!(await isRegisteredByUs(ecs, arn))) continue;
      if (!dryRun) await deregister(ecs, arn);
      deregistered.push(arn);
    }
    cleaned.push({ family, deregistered });
  }
  return cleaned;
}

/** How many revisions of each family stay: of one that several services share, as many as any of them wants. */
async function familiesOf(ecs: ECSClient, charges: readonly Charge[]): Promise<ReadonlyMap<string, number>> {
  const clusters = [...new Set(charges.map(({ cluster }) => cluster))];
  const found = new Map(
    await Promise.all(clusters.map(async (cluster) => [cluster, await everyService(ecs, cluster)] as const)),
  );
  const families = new Map<string, number>();
  for (const { cluster, services, keepRevisions } of charges) {
    for (const { serviceName = '', taskDefinition } of found.get(cluster) ?? []) {
      if (!taskDefinition || (services !== null && !services.includes(serviceName))) continue;
      const family = taskDefinitionParts(taskDefinition).family;
      families.set(family, Math.max(families.get(family) ?? 0, keepRevisions ?? Infinity));
    }
  }
  return families;
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
