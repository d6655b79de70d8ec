import type { Clients } from '../../aws/clients.ts';
import type { DeployContext } from '../deploy/context.ts';
import type { Clock } from '../../core/time/clock.ts';
import type { Trail } from '../../core/trail/trail.ts';
import { failureOf, finishJob, type Job, type JobEnd } from './job.ts';

/** The dependencies of a job. */
export interface JobContext extends Omit<DeployContext, 'clients' | 'tell'> {
  /** Throws UserError if no region is set. */
  readonly connect: () => Clients;
  /** A monotonic clock for durations; absent: `clock`. */
  readonly stopwatch?: Clock;
}

/** Deploys one service. Its trail always ends with the outcome. Never rejects. */
export async function deployOne(
  { request, trail }: Pick<Job, 'request'> & { readonly trail: Pick<Trail, 'tell'> },
  { connect, ...ports }: JobContext,
): Promise<void> {
  const { stopwatch = ports.clock } = ports;
  const began = stopwatch.now();
  const finish = (end: JobEnd) => finishJob(trail, end, stopwatch.now() - began);
  try {
    const clients = connect();
    const { deploy } = await import('../deploy/deploy.ts');
    const tell = trail.tell.bind(trail);
    finish(await deploy(request, { ...ports, clients, tell }));
  } catch (error) {
    finish(failureOf(trail, error));
  }
}
