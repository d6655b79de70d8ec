import type { Clients } from '../../aws/clients.ts';
import type { DeployPorts } from '../deploy/ports.ts';
import type { DeployResult } from '../deploy/deploy.ts';
import type { Request } from '../../core/request.ts';
import type { Clock } from '../../core/time/clock.ts';
import type { Finished } from '../../core/trail/event.ts';
import type { Trail } from '../../core/trail/trail.ts';
import { problemsOf } from '../../core/failure.ts';

/** What one service is asked for, and where it is told what became of it. */
export interface Job {
  readonly request: Request;
  readonly trail: Trail;
}

interface Told {
  readonly request: Request;
  readonly trail: Pick<Trail, 'tell'>;
}

/** What a job needs of the world; it tells in its own trail. */
export interface JobPorts extends Omit<DeployPorts, 'clients' | 'tell'> {
  /** Throws UserError where no region is set. */
  readonly connect: () => Clients;
  /** For lengths of time: nobody puts it right meanwhile. `clock` unless given. */
  readonly stopwatch?: Clock;
}

interface Beginning {
  readonly version: string;
  /** Absent: a release. */
  readonly command?: 'rollback';
}

export function begin(
  {
    request,
    trail,
  }: {
    readonly request: Pick<Request, 'service' | 'cluster' | 'access' | 'source' | 'dryRun'>;
    readonly trail: Pick<Trail, 'tell'>;
  },
  beginning: Beginning,
): void {
  const { service, cluster, access, source, dryRun } = request;
  trail.tell({
    kind: 'begun',
    ...beginning,
    service,
    cluster,
    region: access.region ?? 'unknown',
    account: null,
    commit: source.commit,
    repositoryUrl: source.repositoryUrl,
    runUrl: source.runUrl,
    actor: source.actor,
    dryRun,
  });
}

/** The whole job for one service: its trail ends with how it ended, whatever happens. Never rejects. */
export async function carryOut({ request, trail }: Told, { connect, ...ports }: JobPorts): Promise<void> {
  const { stopwatch = ports.clock } = ports;
  const began = stopwatch.now();
  const finish = (result: Ending) => finishJob(trail, result, stopwatch.now() - began);
  try {
    const clients = connect();
    const { deploy } = await import('../deploy/deploy.ts');
    const tell = trail.tell.bind(trail);
    finish(await deploy(request, { ...ports, clients, tell }));
  } catch (error) {
    finish(await failureOf(trail, error));
  }
}

export type Ending = DeployResult | { readonly outcome: 'failed'; readonly reason: string };

/** Tells single causes as errors where there are several; what is left to say is the end. */
export async function failureOf(trail: Pick<Trail, 'tell'>, error: unknown): Promise<Ending> {
  const causes = problemsOf(error);
  if (causes.length === 1) return { outcome: 'failed', reason: causes[0]! };
  for (const message of causes) trail.tell({ kind: 'noticed', level: 'error', message });
  const reason = `${causes.length} things are missing; production was not touched.`;
  return { outcome: 'failed', reason };
}

export function finishJob(trail: Pick<Trail, 'tell'>, result: Ending, took: Finished['took']): void {
  trail.tell({ kind: 'finished', canaryPercent: null, oldRevisionUntil: null, ...result, took });
}
