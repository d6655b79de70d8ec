import type { Clients } from '../../aws/clients.ts';
import type { RollbackRequest } from '../../core/request.ts';
import type { RollbackContext } from '../rollback/context.ts';
import type { Clock } from '../../core/time/clock.ts';
import type { Trail } from '../../core/trail/trail.ts';
import { failureOf, finishJob } from './job.ts';

export interface RollbackJobContext extends Pick<RollbackContext, 'clock' | 'run' | 'cancelled'> {
  /** For lengths of time: nobody puts it right meanwhile. `clock` unless given. */
  readonly stopwatch?: Clock;
  /** Throws UserError where no region is set. */
  readonly connect: () => Clients;
}

/** A rollback of one service: its trail ends with how it ended, whatever happens. Never rejects. */
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

/** Who asked for it, as a sentence begins with it. */
export function requestedBy({ source }: Pick<RollbackRequest, 'source'>): string {
  const { actor, runUrl } = source;
  return `${actor ?? 'The command line'}${runUrl === null ? '' : ` (${runUrl})`}`;
}
