import type { Clients } from '../../aws/clients.ts';
import type { RollbackRequest } from '../../core/request.ts';
import type { RollbackContext } from '../rollback/context.ts';
import type { Clock } from '../../core/time/clock.ts';
import type { Trail } from '../../core/trail/trail.ts';
import { failureOf, finishJob } from './job.ts';

export interface RollbackJobContext extends Pick<RollbackContext, 'clock' | 'run' | 'cancelled'> {
  /** A monotonic clock for durations; absent: `clock`. */
  readonly stopwatch?: Clock;
  /** Throws UserError if no region is set. */
  readonly connect: () => Clients;
}

/** Rolls back one service. Its trail always ends with the outcome. Never rejects. */
export async function rollbackOne(
  { request, trail }: { readonly request: RollbackRequest; readonly trail: Pick<Trail, 'tell'> },
  { connect, ...ports }: RollbackJobContext,
): Promise<void> {
  const { stopwatch = ports.clock } = ports;
  const began = stopwatch.now();
  try {
    const clients = connect();
    const { rollBackRelease: rollBack } = await import('../rollback/rollback.ts');
    const result = await rollBack(request, {
      ...ports,
      clients,
      by: requestedBy(request),
      tell: trail.tell.bind(trail),
    });
    finishJob(trail, result, stopwatch.now() - began);
  } catch (error) {
    finishJob(trail, failureOf(trail, error), stopwatch.now() - began);
  }
}

/** Who requested the rollback, for the start of a sentence. */
export function requestedBy({ source }: Pick<RollbackRequest, 'source'>): string {
  const { actor, runUrl } = source;
  return `${actor ?? 'The command line'}${runUrl === null ? '' : ` (${runUrl})`}`;
}
