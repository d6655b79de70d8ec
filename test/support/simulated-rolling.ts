// A simulated service that ECS updates with its rolling update, and a release on it.
import { DescribeServicesCommand, type DeploymentConfiguration, type Service } from '@aws-sdk/client-ecs';
import { taskDefinitionRequest } from './task-definitions.ts';
import { deploy } from '../../src/commands/deploy/deploy.ts';
import type { RolloutRequest } from '../../src/core/request.ts';
import { identify } from '../../src/core/run.ts';
import { logLines } from '../../src/report/log.ts';
import { renderSummary } from '../../src/report/summary.ts';
import { SECOND, type Milliseconds } from '../../src/core/time/clock.ts';
import type { Event, NewEvent } from '../../src/core/trail/event.ts';
import { tasksOf } from '../../src/aws/ecs/tasks.ts';
import { rolloutRequest } from './rollout-request.ts';
import { createSimulatedAws, type SimulatedAws, type SimulatedAwsOptions } from './simulated-aws.ts';

export const NEW_IMAGE = `registry.example/shop/web@sha256:${'b'.repeat(64)}`;

/** Replaces half of the tasks at a time and never runs more tasks than desired. */
export const LEAST_RESOURCES: DeploymentConfiguration = {
  strategy: 'ROLLING',
  minimumHealthyPercent: 50,
  maximumPercent: 100,
};

interface Place {
  readonly service: string;
  readonly cluster: string;
}

export interface RollingOptions extends Partial<SimulatedAwsOptions> {
  readonly rollout?: Partial<RolloutRequest>;
  /** Called every second with the number of healthy tasks. */
  readonly watch?: (healthy: number) => void;
  /** Default: service `web` of cluster `shop`. */
  readonly place?: Place;
  /** Time after the start of the rollout. */
  readonly cancelAt?: Milliseconds;
}

/** Service `web` with four tasks of version 1 and one target group. */
export async function createRollingService(options: Partial<SimulatedAwsOptions>): Promise<SimulatedAws> {
  return createSimulatedAws({
    versions: {},
    rate: 50,
    desiredCount: 4,
    shifting: false,
    deploymentConfiguration: LEAST_RESOURCES,
    ...options,
  });
}

export interface Released {
  readonly outcome: string;
  readonly reason: string;
  readonly events: readonly Event[];
  readonly log: string;
  readonly summary: string;
  readonly service: Service;
  /** Number of running tasks by revision. */
  readonly running: Readonly<Record<string, number>>;
}

/** Runs a whole release. Returns its outcome, its output and the state of the service after it. */
export async function releaseRolling(aws: SimulatedAws, options: RollingOptions = {}): Promise<Released> {
  const { clock, clients, until } = aws;
  const events: Event[] = [];
  const cancelled = new AbortController();
  const { cancelAt, place = WEB } = options;
  const tell = (event: NewEvent) => {
    events.push({ ...event, at: clock.now() });
    if (event.kind === 'rollout-started' && cancelAt !== undefined)
      clock.after(cancelAt, () => cancelled.abort('SIGTERM'));
  };
  const began = clock.now();
  const nobody = { commit: null, repositoryUrl: null, runUrl: null, actor: null };
  tell({
    kind: 'started',
    version: '1',
    ...place,
    ...nobody,
    region: 'eu-west-1',
    account: null,
    dryRun: false,
  });
  const stop = options.watch ? watching(aws, options.watch) : () => {};
  const result = await until(
    deploy(
      {
        ...place,
        image: { kind: 'given', reference: NEW_IMAGE },
        taskDefinition: taskDefinitionRequest(),
        rollout: rolloutRequest({ strategy: 'rolling', ...options.rollout }),
        access: { region: null, role: null, chaining: false },
        source: { ...nobody, committedAt: null },
        dryRun: false,
        eventsFile: '/dev/null',
        summaryFile: '/dev/null',
        recordingFile: '/dev/null',
      },
      {
        clients,
        sessionEnd: 'never',
        docker: () => Promise.reject(new Error('nothing is built')),
        clock,
        run: identify({ ECS_RAMP_CLAIM_WAIT: '1' }),
        log: { say() {}, group() {}, endGroup() {} },
        tell,
        mask() {},
        cancelled: cancelled.signal,
      },
    ),
  );
  stop();
  tell({ kind: 'finished', ...result, took: clock.now() - began });
  return {
    outcome: result.outcome,
    reason: result.reason,
    events,
    log: events.flatMap(logLines).join('\n'),
    summary: renderSummary(events),
    service: await serviceOf(aws, place),
    running: await runningOf(aws, place),
  };
}

const WEB = { service: 'web', cluster: 'shop' } as const;

export async function serviceOf({ bystander }: SimulatedAws, place: Place = WEB): Promise<Service> {
  const ecs = await bystander.ecs();
  const described = await ecs.send(
    new DescribeServicesCommand({ cluster: place.cluster, services: [place.service], include: ['TAGS'] }),
  );
  return described.services![0]!;
}

export async function runningOf(
  { bystander }: SimulatedAws,
  { service, cluster }: Place = WEB,
): Promise<Readonly<Record<string, number>>> {
  const running = await tasksOf(await bystander.ecs(), { cluster, name: service }, 'RUNNING');
  const revisions = running.map(({ taskDefinitionArn = '' }) => taskDefinitionArn.split(':').at(-1)!);
  return Object.fromEntries(
    [...Map.groupBy(revisions, (revision) => revision)].map(([revision, { length }]) => [revision, length]),
  );
}

/** Reports the number of healthy targets every second, until the returned function is called. */
function watching(
  { clock, loadBalancing, targetGroups }: SimulatedAws,
  watch: (healthy: number) => void,
): () => void {
  let cancel = clock.after(SECOND, look);
  function look(): void {
    cancel = clock.after(SECOND, look);
    watch(loadBalancing.health(targetGroups[0]).filter(({ state }) => state === 'healthy').length);
  }
  return () => cancel();
}
