import { findService } from '../../aws/ecs/find-service.ts';
import { UserError } from '../../core/failure.ts';
import { differencesOf, lostTrafficOf } from '../drift/drift.ts';
import type { Observed } from '../drift/observed.ts';
import { observe } from '../drift/observe.ts';
import type { FoundService, ReconcileContext } from './context.ts';
import type { Reconciled } from './reconciled.ts';
import { plannedRepair, repairWeights, type Repair } from './repair.ts';

type Ended = Pick<Reconciled, 'state' | 'reason'>;

interface Compared {
  /** The result without a comparison. */
  readonly ended: Ended;
  readonly observed: Observed;
  readonly dryRun: boolean;
  readonly repair: boolean;
}

/**
 * The result for a service that may differ from what it should be: then it is dirty, whatever else
 * was found, or it is repaired. Rejects with UserError.
 */
export async function withDifferences(
  found: FoundService,
  { ended, observed, dryRun, repair }: Compared,
  context: ReconcileContext,
): Promise<Ended> {
  const isChanged = !dryRun && (ended.state === 'undone' || ended.state === 'finished');
  const now = isChanged ? await observeAgain(found, context) : { service: found.service, observed };
  const { drift, information } = differencesOf(now.service, now.observed);
  if (drift.length === 0) return { ...ended, reason: sentences([ended.reason, ...information]) };
  if (!repair || lostTrafficOf(now.service, now.observed).length === 0) return drifted(ended, drift);
  if (ended.state === 'in progress' || ended.state === 'dirty')
    return drifted(ended, [...drift, notRepaired(ended.reason)]);
  const { done, refused } = dryRun
    ? plannedRepair(now.service, now.observed)
    : await repairWeights(found, context).catch(failedRepair);
  const reasons = refused.map(notRepaired);
  if (dryRun || done.length === 0) return drifted(ended, [...drift, ...done, ...reasons]);
  const after = await observeAgain(found, context);
  const remaining = differencesOf(after.service, after.observed).drift;
  const words = ended.state === 'clean' ? done : [...done, ended.reason];
  return remaining.length === 0
    ? { state: 'repaired', reason: sentences(words) }
    : { state: 'dirty', reason: sentences([...words, ...remaining, ...reasons]) };
}

async function observeAgain(
  { cluster, service }: FoundService,
  { clients, clock, askBranch }: ReconcileContext,
): Promise<FoundService & { readonly observed: Observed }> {
  const again = await findService(await clients.ecs(), { cluster, service: service.serviceName! });
  const { observed } = await observe([again], { clients, now: clock.now(), askBranch });
  return { cluster, service: again, observed };
}

function failedRepair(error: unknown): Repair {
  if (!(error instanceof UserError)) throw error;
  return { done: [], refused: [error.message] };
}

function drifted(ended: Ended, drift: readonly string[]): Ended {
  const also = ended.state === 'clean' ? [] : [`Also: ${ended.reason}`];
  return { state: 'dirty', reason: sentences([...drift, ...also]) };
}

function notRepaired(why: string): string {
  return `Not repaired: ${why}`;
}

/** Joins sentences; some end without a full stop. */
function sentences(texts: readonly string[]): string {
  return texts.map((text, index) => (index === texts.length - 1 ? text : withStop(text))).join(' ');
}

function withStop(text: string): string {
  return /[.!?'}`]$/.test(text) ? text : `${text}.`;
}
