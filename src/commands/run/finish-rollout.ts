import { finishJob, type JobEnd } from './job.ts';
import type { ECSClient } from '@aws-sdk/client-ecs';
import type { Clients } from '../../aws/clients.ts';
import type { Request } from '../../core/request.ts';
import { createLease } from '../../aws/lease/lease.ts';
import type { Run } from '../../core/run.ts';
import { MINUTE, SECOND, sleep, type Clock } from '../../core/time/clock.ts';
import type { Event } from '../../core/trail/event.ts';
import { isUntried } from '../../core/trail/outcome.ts';
import type { Trail } from '../../core/trail/trail.ts';
import type { AskedRollback } from '../../rollout/result.ts';
import { problemsOf, UserError } from '../../core/failure.ts';
import type { ServiceRef } from '../../core/service-ref.ts';

/**
 * GitHub gives a cancelled job five minutes: the main step uses the first 10 seconds, the runner
 * the last 15. The report must be written before that. Without a cancellation there is no such
 * limit.
 */
export const TIME_OF_CANCELLED = 4 * MINUTE;

/**
 * Rolls back the rollout that the killed main step left, if any, and records the outcome in the
 * trail. Does not depend on a runner. Never rejects.
 */
export async function finishRollout(
  trail: Pick<Trail, 'events' | 'tell'>,
  request: Pick<Request, 'service' | 'cluster' | 'rollout'>,
  { clients, clock, run }: { readonly clients: Clients; readonly clock: Clock; readonly run: Run },
): Promise<void> {
  const begun = trail.events.find((event) => event.kind === 'rollout-started');
  const release =
    trail.events.find((event) => event.kind === 'task-definition-ready') ??
    trail.events.find((event) => event.kind === 'rollback-planned')?.to;
  const began = trail.events[0]?.at ?? clock.now();
  const tell = trail.tell.bind(trail);
  const finish = (end: JobEnd) => finishJob(trail, end, clock.now() - began);

  const lease = createLease({
    ecs: await clients.ecs(),
    clock,
    run,
    service: { cluster: request.cluster, name: request.service },
    onConflict: 'fail',
    patience: 0,
    inherited: true,
    tell,
  });
  try {
    finish(release ? await takeBack(release) : NOTHING_BEGAN);
  } catch (error) {
    finish({
      outcome: 'dirty',
      reason: `The job was killed, and the outcome of the rollout could not be determined: ${problemsOf(error).join(' ')}`,
    });
  } finally {
    await lease.release();
  }

  async function takeBack({ taskDefinitionArn }: { readonly taskDefinitionArn: string }): Promise<JobEnd> {
    const [{ preflight }, { rollOut }, { connectRollout: rolloutPorts }] = await Promise.all([
      import('../../rollout/preflight/preflight.ts'),
      import('../../rollout/rollout.ts'),
      import('../../rollout/connect.ts'),
    ]);
    const ecs = await clients.ecs();
    await lease.claim(NEVER);
    const service = await preflight(request, clients, { tell, clock });
    if (!(await lease.held())) throw new UserError('Another run has taken over the service.');
    const serviceDeploymentArn =
      begun?.serviceDeploymentArn ?? (await startedUnseen(ecs, { service, taskDefinitionArn, clock }));
    if (serviceDeploymentArn === null) {
      if (service.leftOver)
        await (await import('../../rollout/traffic/restore-service.ts')).restoreService(ecs, service, lease);
      return NOTHING_BEGAN;
    }
    const asked = rollbackAskedIn(trail.events);
    const ports = await rolloutPorts(
      {
        rollout: request.rollout,
        service,
        release: { taskDefinitionArn },
        serviceDeploymentArn,
        ...(asked && { undoing: asked }),
        ...(trail.events.some(({ kind }) => kind === 'cancel-requested') && {
          rollbackPatience: TIME_OF_CANCELLED,
        }),
      },
      { clients, lease, clock, tell, cancelled: AbortSignal.abort('the job was killed') },
    );
    return rollOut(request.rollout, ports);
  }
}

export const NOTHING_BEGAN = {
  outcome: 'failed',
  reason: 'The job was killed before anything was deployed.',
} as const satisfies JobEnd;

const NEVER = new AbortController().signal;

/**
 * The main step may have been killed before the call: then it is repeated. Ignores rollbacks by
 * ECS.
 */
function rollbackAskedIn(events: readonly Event[]): AskedRollback | null {
  const asked = events.find((event) => event.kind === 'rollback-requested');
  return asked && asked.cause !== 'ecs'
    ? { at: asked.at, reason: asked.reason, untried: isUntried(asked) }
    : null;
}

/** ECS may list a new deployment some seconds late. */
const LAG = 20 * SECOND;

/** A deployment that the main step started just before it was killed; `null` for none. */
async function startedUnseen(
  ecs: ECSClient,
  { service, taskDefinitionArn, clock }: Unseen,
): Promise<string | null> {
  const { deploymentInProgress, taskDefinitionOf } = await import('../../aws/ecs/service-deployments.ts');
  const until = clock.now() + (service.leftOver ? LAG : 0);
  for (;;) {
    const running = await deploymentInProgress(ecs, service);
    if (running !== null && (await taskDefinitionOf(ecs, running)) === taskDefinitionArn) {
      return running.serviceDeploymentArn ?? null;
    }
    if (clock.now() >= until) return null;
    await sleep(clock, 2 * SECOND);
  }
}

interface Unseen {
  readonly service: ServiceRef & { readonly leftOver: boolean };
  readonly taskDefinitionArn: string;
  readonly clock: Clock;
}
