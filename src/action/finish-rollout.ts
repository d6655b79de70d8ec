import type { ECSClient } from '@aws-sdk/client-ecs';
import type { Clients } from '../aws/clients.ts';
import type { Request } from '../inputs/request.ts';
import { MINUTE, type Clock } from '../time/clock.ts';
import type { Trail } from '../trail/trail.ts';
import { causesOf } from './causes.ts';

/** The runner gives the post step of a cancelled job some minutes; by then there must be a report. */
const TIME_TO_FINISH = 4 * MINUTE;

/**
 * Takes back the rollout that the job's main step left behind, if it left one, and tells in the trail how it ended. Never rejects.
 * It needs nothing of a runner.
 */
export async function finishRollout(
  trail: Pick<Trail, 'events' | 'tell'>,
  request: Request,
  { clients, clock }: { readonly clients: Clients; readonly clock: Clock },
): Promise<void> {
  const begun = trail.events.find((event) => event.kind === 'rollout-begun');
  const release = trail.events.find((event) => event.kind === 'task-definition-ready');
  const began = trail.events[0]?.at ?? clock.now();
  const tell = trail.tell.bind(trail);
  const finish = (
    result: object & { outcome: 'failed' | 'deployed' | 'rolled-back' | 'dirty'; reason: string },
  ) =>
    tell({
      kind: 'finished',
      canaryPercent: null,
      oldRevisionUntil: null,
      ...result,
      took: clock.now() - began,
    });

  if (!release)
    return finish({ outcome: 'failed', reason: 'The job was killed before anything was deployed.' });
  const cancelled = AbortSignal.abort('the job was killed');
  try {
    const [{ preflight }, { rollOut }, { rolloutPorts }] = await Promise.all([
      import('../preflight/preflight.ts'),
      import('../rollout/rollout.ts'),
      import('../deploy/rollout-ports.ts'),
    ]);
    const ecs = await clients.ecs();
    const service = await preflight(request, clients, tell);
    const serviceDeploymentArn = begun?.serviceDeploymentArn ?? (await startedUnseen(ecs, service, release));
    if (serviceDeploymentArn === null) {
      return finish({ outcome: 'failed', reason: 'The job was killed before anything was deployed.' });
    }
    const ports = await rolloutPorts(
      { rollout: request.rollout, service, release, serviceDeploymentArn, rollbackPatience: TIME_TO_FINISH },
      { clients, clock, tell, cancelled },
    );
    finish(await rollOut(request.rollout, ports));
  } catch (error) {
    finish({
      outcome: 'dirty',
      reason: `The job was killed, and what became of the rollout could not be found out: ${causesOf(error).join(' ')}`,
    });
  }
}

/** A deployment that main started without living to see it. */
async function startedUnseen(
  ecs: ECSClient,
  service: { readonly clusterArn: string; readonly name: string },
  release: { readonly taskDefinitionArn: string },
): Promise<string | null> {
  const { deploymentInProgress, taskDefinitionOf } = await import('../traffic/service-deployments.ts');
  const running = await deploymentInProgress(ecs, { cluster: service.clusterArn, name: service.name });
  if (running === null || (await taskDefinitionOf(ecs, running)) !== release.taskDefinitionArn) return null;
  return running.serviceDeploymentArn ?? null;
}
