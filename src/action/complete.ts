import * as core from '@actions/core';
import type { ECSClient } from '@aws-sdk/client-ecs';
import { createClients, type Clients } from '../aws/clients.ts';
import type { Request } from '../inputs/request.ts';
import { readRequest } from '../inputs/inputs.ts';
import { logLines } from '../report/report.ts';
import { MINUTE, systemClock, type Clock } from '../time/clock.ts';
import { resumeTrail, type Trail } from '../trail/trail.ts';
import { causesOf } from './causes.ts';
import { reportToRunner } from './report-to-runner.ts';
import { readState } from './state.ts';
import { VERSION } from './version.ts';

/** The runner gives the post step of a cancelled job some minutes; by then there must be a report. */
const TIME_TO_FINISH = 4 * MINUTE;

/** The action's post step: finishes what a main step that was killed could not. Does nothing after one that reported. */
export async function complete(env: NodeJS.ProcessEnv): Promise<void> {
  const state = readState();
  if (state === null || state.finished) return;
  const request = readRequest({ env, workspace: env['GITHUB_WORKSPACE'] ?? process.cwd() });
  const trail = resumeTrail({ clock: systemClock, file: request.eventsFile });
  trail.subscribe((event) => {
    for (const line of logLines(event)) core.info(line);
  });
  if (!trail.events.some((event) => event.kind === 'finished')) {
    const clients = createClients({
      region: env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || '',
      version: VERSION,
    });
    await finishRollout(trail, request, { clients, clock: systemClock });
  }
  reportToRunner(trail.events, request);
}

async function finishRollout(
  trail: Trail,
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
