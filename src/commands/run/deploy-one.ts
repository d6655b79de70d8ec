import type { Clients } from '../../aws/clients.ts';
import type { DeployContext } from '../deploy/context.ts';
import type { Clock } from '../../core/time/clock.ts';
import type { Trail } from '../../core/trail/trail.ts';
import { failureOf, finishJob, type Job, type JobEnd } from './job.ts';

/** What a job needs of the world; it tells in its own trail. */
export interface JobContext extends Omit<DeployContext, 'clients' | 'tell'> {
  /** Throws UserError where no region is set. */
  readonly connect: () => Clients;
  /** For lengths of time: nobody puts it right meanwhile. `clock` unless given. */
  readonly stopwatch?: Clock;
}

/** The whole job for one service: its trail ends with how it ended, whatever happens. Never rejects. */
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
