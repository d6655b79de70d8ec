import { DeregisterTaskDefinitionCommand, type ECSClient } from '@aws-sdk/client-ecs';
import { taskDefinitionParts } from '../../../core/arn.ts';
import type { Clients } from '../../../aws/clients.ts';
import type { RetentionRequest } from '../../../inputs/maintenance.ts';
import { isRegisteredByUs } from '../../../aws/ecs/provenance.ts';
import { whatIsInUse } from './in-use.ts';
import { superfluous } from './superfluous.ts';
import { describe, familiesOf, revisionsOf } from './task-definitions.ts';
import type { CleanUpRequest } from './request.ts';

/** The result for a task definition family. */
export interface CleanedUp {
  readonly family: string;
  /** ARNs of the revisions that were deregistered, or would be. */
  readonly deregistered: readonly string[];
}

/** ECS allows one task definition change per second per account; the next run continues. */
const MOST_AT_ONCE = 20;

/**
 * Deregisters old task definition revisions of the services' families: those that ecs-ramp
 * registered (by their tags), that are not among the newest, and that no service, deployment or
 * task in the region uses. A deregistered revision can still be read and rolled back to. Calls AWS
 * only if there is a limit. Rejects with UserError.
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

/** How many revisions of each family to keep: the maximum if several services share it. */
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

/** One line for each family with deregistered revisions. Pure. */
export function cleanedUpInWords(
  cleaned: readonly CleanedUp[],
  { dryRun }: Pick<CleanUpRequest, 'dryRun'>,
): readonly string[] {
  return cleaned
    .filter(({ deregistered }) => deregistered.length > 0)
    .map(({ family, deregistered }) => {
      const revisions = deregistered.map((arn) => taskDefinitionParts(arn).revision).join(', ');
      return `${family}: revisions ${revisions} ${dryRun ? 'would be' : 'were'} deregistered: old and not in use`;
    });
}

async function deregister(ecs: ECSClient, taskDefinition: string): Promise<void> {
  await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
}
