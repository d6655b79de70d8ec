import type { Clients } from '../../aws/clients.ts';
import type { RollbackRequest } from '../../core/request.ts';
import { failureOf, finishJob, type JobEnd } from './job.ts';
import { requestedBy } from './rollback-one.ts';
import type { Run } from '../../core/run.ts';
import type { Clock } from '../../core/time/clock.ts';
import type { Event } from '../../core/trail/event.ts';
import type { Trail } from '../../core/trail/trail.ts';
import { finishRollout, NOTHING_BEGAN, TIME_OF_CANCELLED } from './finish-rollout.ts';

/** What finishing a rollback needs of a request. */
type ReturnRequest = Pick<RollbackRequest, 'service' | 'cluster' | 'rollout' | 'dryRun' | 'source'>;

/**
 * Finishes a killed release: one that went back to the old revision that was still kept, or any
 * other. Never rejects.
 */
export async function finishRelease(
  trail: Pick<Trail, 'events' | 'tell'>,
  request: ReturnRequest,
  context: { readonly clients: Clients; readonly clock: Clock; readonly run: Run },
): Promise<void> {
  const happened = (kind: Event['kind']) => trail.events.some((event) => event.kind === kind);
  if (!happened('rollback-planned')) return finishRollout(trail, request, context);
  if (happened('rollback-requested')) return finishRollback(trail, request, context);
  const began = trail.events[0]?.at ?? context.clock.now();
  finishJob(trail, NOTHING_BEGAN, context.clock.now() - began);
}

/**
 * Finishes a killed rollback in the post step: rolls back the deployment that it should have rolled
 * back, or rolls back the rollout of the earlier release, as for any killed job. Never rejects.
 */
export async function finishRollback(
  trail: Pick<Trail, 'events' | 'tell'>,
  request: ReturnRequest,
  context: { readonly clients: Clients; readonly clock: Clock; readonly run: Run },
): Promise<void> {
  const { clock } = context;
  const planned = trail.events.findLast((event) => event.kind === 'rollback-planned');
  const arn = planned?.serviceDeploymentArn;
  if (planned && !arn) return finishRollout(trail, request, context);
  const began = trail.events[0]?.at ?? clock.now();
  const finish = (result: JobEnd) => finishJob(trail, result, clock.now() - began);
  if (!arn) return finish(NOTHING_BEGAN);
  const wasCancelled = trail.events.some(({ kind }) => kind === 'cancel-requested');
  try {
    const { undoStill } = await import('../rollback/rollback.ts');
    const result = await undoStill(request, arn, {
      ...context,
      tell: trail.tell.bind(trail),
      cancelled: new AbortController().signal,
      by: requestedBy(request),
      ...(wasCancelled && { patience: TIME_OF_CANCELLED }),
    });
    finish(result ?? ENDED_BEFORE);
  } catch (error) {
    finish(failureOf(trail, error));
  }
}

const ENDED_BEFORE: JobEnd = {
  outcome: 'failed',
  reason:
    'The job was killed before it could roll back the deployment, which has since completed on the new revision. Run it again.',
};
