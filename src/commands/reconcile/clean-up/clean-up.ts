import { DeregisterTaskDefinitionCommand, type ECSClient } from '@aws-sdk/client-ecs';
import { taskDefinitionParts } from '../../../core/arn.ts';
import type { Clients } from '../../../aws/clients.ts';
import type { RetentionRequest } from '../../../inputs/maintenance.ts';
import { isRegisteredByUs } from '../../../aws/ecs/provenance.ts';
import { whatIsInUse } from './in-use.ts';
import { superfluous } from './superfluous.ts';
import { describe, familiesOf, revisionsOf } from './task-definitions.ts';
import type { CleanUpRequest } from './request.ts';

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
 * read, and be gone back to. Asks AWS nothing where all are to stay. Rejects with UserError.
 */
export async function cleanUp(
  { charges, dryRun }: CleanUpRequest,
  clients: Pick<Clients, 'ecs'>,
): Promise<readonly CleanedUp[]> {
  if (charges.every(({ keepRevisions }) => keepRevisions === null)) return [];
  const ecs = await clients.ecs();
  const families = await keptOf(ecs, charges);
  const { byServices, byTasks } = await whatIsInUse(ecs);
  const inUse = byServices.union(byTasks);
  const cleaned: CleanedUp[] = [];
  for (const [family, keep] of [...families].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (keep === Infinity) continue;
    const deregistered: string[] = [];
    const active = await revisionsOf(ecs, { family, status: 'ACTIVE' });
    for (const arn of superfluous(active, { keep, inUse })) {
      if (deregistered.length >= MOST_AT_ONCE) break;
      if (!isRegisteredByUs((await describe(ecs, arn)).tags)) continue;
      if (!dryRun) await deregister(ecs, arn);
      deregistered.push(arn);
    }
    cleaned.push({ family, deregistered });
  }
  return cleaned;
}

/** How many revisions of each family stay: of one that several services share, as many as any of them wants. */
async function keptOf(
  ecs: ECSClient,
  charges: readonly RetentionRequest[],
): Promise<ReadonlyMap<string, number>> {
  const families = new Map<string, number>();
  for (const { family, charge } of await familiesOf(ecs, charges)) {
    families.set(family, Math.max(families.get(family) ?? 0, charge.keepRevisions ?? Infinity));
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

async function deregister(ecs: ECSClient, taskDefinition: string): Promise<void> {
  await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
}
