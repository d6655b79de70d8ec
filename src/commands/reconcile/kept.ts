import type { ServiceDeployment } from '@aws-sdk/client-ecs';
import { UserError } from '../../core/failure.ts';
import { claimLease } from './under-lease.ts';
import type { Reconciled } from './reconciled.ts';
import { watchKept, type KeptWatch, type WatchPorts } from './watch-kept.ts';

export interface KeptSubject {
  readonly service: string;
  readonly cluster: string;
  readonly running: ServiceDeployment;
  /** Until when the old revision is kept. */
  readonly until: number;
  readonly dryRun: boolean;
}

type Ended = Pick<Reconciled, 'state' | 'reason'>;

const stays = (reason: string): Ended => ({ state: 'in progress', reason });

/**
 * Goes on judging a release whose job has ended, and rolls it back while its old revision is kept.
 * Rejects with UserError when the rollback fails.
 */
export async function reconcileKept(kept: KeptSubject, ports: WatchPorts): Promise<Ended> {
  const until = `its old revision is kept until ${new Date(kept.until).toISOString()}`;
  let watch: KeptWatch | null;
  try {
    watch = await watchKept(kept, ports);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return stays(
      `the new revision has all of the traffic, and ${until}, but it could not be judged: ${error.message}`,
    );
  }
  if (watch === null) return stays('its old revision has just been removed, or gets its traffic back');
  if (watch.against === null) {
    return stays(
      `the new revision has all of the traffic, and nothing speaks against it (${watch.seen}); ${until}`,
    );
  }
  if (kept.dryRun) {
    return { state: 'undone', reason: `the new revision would be rolled back (dry run): ${watch.against}` };
  }
  return rollBack(kept, watch, ports);
}

async function rollBack(
  { service, cluster }: KeptSubject,
  watch: KeptWatch,
  { clients, clock, run, tell }: WatchPorts,
): Promise<Ended> {
  const ecs = await clients.ecs();
  const lease = await claimLease({ ecs, clock, run, service: { cluster, name: service }, tell });
  if (typeof lease === 'string') return { state: 'in progress', reason: lease };
  try {
    const { outcome, reason } = await watch.rollBack(lease);
    return { state: STATES[outcome], reason };
  } finally {
    lease.end();
  }
}

/** It can have recovered in the meantime: then it stays. */
const STATES = {
  deployed: 'in progress',
  'rolled-back': 'undone',
  failed: 'undone',
  dirty: 'dirty',
} as const;
