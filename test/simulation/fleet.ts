// Releases many services of one account and cluster at the same time, each with its own job,
// through the whole AWS SDK with its retries on a virtual clock.
import { createCloudWatch } from '../../sandbox/cloudwatch/cloudwatch.ts';
import { createCloudWatchLogs } from '../../sandbox/cloudwatch-logs/cloudwatch-logs.ts';
import { createEcs } from '../../sandbox/ecs/ecs.ts';
import { createElbv2 } from '../../sandbox/elbv2/elbv2.ts';
import { createLimits, NO_LIMITS, type LimitedCall } from '../../sandbox/limits/limits.ts';
import { PUBLISHED, type Bucket } from '../../sandbox/limits/published.ts';
import { GOOD, type Behaviour } from '../../sandbox/simulated/behaviour.ts';
import { createSimulatedTasks } from '../../sandbox/simulated/tasks.ts';
import { createSimulatedTraffic } from '../../sandbox/simulated/traffic.ts';
import type { DataPlane } from '../../sandbox/ports.ts';
import { createWire, inProcess } from '../../sandbox/wire/wire.ts';
import { createClients, type Clients } from '../../src/aws/clients.ts';
import type { RolloutRequest } from '../../src/core/request.ts';
import { HOUR, MINUTE, SECOND, type Milliseconds } from '../../src/core/time/clock.ts';
import type { Event, Finished } from '../../src/core/trail/event.ts';
import { createDirectClients } from '../support/direct-clients.ts';
import { rolloutRequest } from '../support/rollout-request.ts';
import { seeded } from '../support/simulated-aws.ts';
import { createCluster, createService } from '../support/simulated-service.ts';
import { createVirtualClock, immediate } from '../support/virtual-clock.ts';
import { useVirtualGlobals } from '../support/virtual-globals.ts';
import { Chance } from './chance.ts';
import { runOf, startJob } from './job.ts';
import { requestOf } from './run-trial.ts';
import { CALM } from './trial.ts';
import { createConditions } from './faults.ts';

export interface Fleet {
  readonly services: number;
  readonly seed: number;
  /** Share of the account's limits that is available; `null`: no limits. */
  readonly limits: number | null;
  /** Share of calls with a fault. */
  readonly noise: number;
  readonly rollout: Partial<RolloutRequest>;
  /** What each service releases. Default: drawn by `seed`. */
  readonly release?: keyof typeof RELEASES;
}

export interface FleetPlayed {
  readonly fleet: Fleet;
  readonly members: readonly Member[];
  /** Time from the start of all jobs to the end of the last one. */
  readonly took: Milliseconds;
}

/** The result of one service. */
export interface Member {
  readonly name: string;
  readonly release: keyof typeof RELEASES;
  readonly expected: Finished['outcome'];
  readonly finished: Finished | null;
  readonly events: readonly Event[];
  readonly calls: readonly CallMade[];
  readonly took: Milliseconds;
}

/** One attempt of a call. Each retry of the SDK is a separate one. */
export interface CallMade {
  /** For example `ecs DescribeServices`. */
  readonly operation: string;
  readonly at: number;
  readonly throttled: boolean;
}

const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';

const RELEASES = {
  good: {},
  errors: { errorRate: 0.2 },
  slow: { medianSeconds: 0.5 },
  'crashes at start': { exitsAfter: 2 * SECOND },
  'crashes later': { exitsAfter: 7 * MINUTE },
} satisfies Record<string, Partial<Behaviour>>;

const KINDS = { good: 6, errors: 2, slow: 1, 'crashes at start': 0.5, 'crashes later': 0.5 } as const;

/** Replaces the globals of the process (virtual-globals.ts), so nothing else may run beside it. */
export async function playFleet(fleet: Fleet): Promise<FleetPlayed> {
  const chance = new Chance(fleet.seed);
  const clock = createVirtualClock(undefined, immediate);
  const cloudWatch = createCloudWatch({ clock, lag: 45 * SECOND });
  const logs = createCloudWatchLogs({ clock });
  const tasks = createSimulatedTasks({
    clock,
    behaviourOf: (image) => ({ ...GOOD, ...behaviourOf(image) }),
  });
  const names = Array.from({ length: fleet.services }, (_, index) => `service-${index + 1}`);
  const dataPlane = allOf(
    names.map((_, index) =>
      createSimulatedTraffic({
        clock,
        random: seeded(fleet.seed * 1_000 + index),
        metrics: cloudWatch.sink,
        at: (target) => tasks.at(target)?.behaviour ?? null,
        port: FIRST_PORT + index,
        rate: chance.magnitude(40, 200),
        every: 10 * SECOND,
      }),
    ),
  );
  const place = { clock, account: ACCOUNT, region: REGION };
  const elb = createElbv2({ ...place, dataPlane, metrics: cloudWatch.sink });
  const ecs = createEcs({
    ...place,
    random: chance.random,
    loadBalancing: elb.loadBalancing,
    runner: tasks,
    alarms: cloudWatch.alarms,
  });
  const services = [ecs.service, elb.service, cloudWatch.service, logs.service];
  const bystander = createDirectClients({
    ...place,
    services,
    faults: null,
    random: chance.random,
    gate: (_, perform) => perform(),
  });
  const faultPlan = {
    faultPlan: { ...CALM, noise: fleet.noise },
    metrics: { lag: 0, partial: 0, missing: 'none' } as const,
  };
  const conditions = createConditions(faultPlan, chance, () => clock);
  const limits = fleet.limits === null ? NO_LIMITS : createLimits(clock, shareOf(fleet.limits));
  const callsOf = new Map<string, CallMade[]>(names.map((name) => [name, []]));
  const failures: unknown[] = [];
  const wire = createWire({
    services,
    faults: conditions.faults,
    limits: {
      admits(call: LimitedCall) {
        const admitted = limits.admits(call);
        const operation = `${call.service} ${call.operation}`;
        callsOf.get(call.caller.accessKeyId)?.push({ operation, at: clock.now(), throttled: !admitted });
        return admitted;
      },
    },
    clock,
    account: ACCOUNT,
    onFailure: (error) => failures.push(error),
  });

  const restoreGlobals = useVirtualGlobals(clock, seeded(fleet.seed));
  try {
    await until(clock, createCluster(bystander));
    for (const [index, name] of names.entries()) {
      const made = createService(bystander, {
        name,
        port: FIRST_PORT + index,
        account: ACCOUNT,
        firstImage: imageOf(name, 'good', 'old'),
      });
      await until(clock, made);
    }
    // The latency thresholds require some history.
    await clock.advance(10 * MINUTE);
    const began = clock.now();
    conditions.begin();
    const jobs = names.map((name, index) => {
      const release = fleet.release ?? chance.kind(KINDS);
      const clients = createClients({
        region: REGION,
        version: 'fleet',
        overrides: {
          endpoint: 'http://sandbox',
          credentials: { accessKeyId: name, secretAccessKey: 'secret' },
          requestHandler: inProcess(wire),
        },
      });
      const request = {
        ...requestOf({ rollout: rolloutRequest(fleet.rollout) }, imageOf(name, release, 'new')),
        service: name,
      };
      let ended = began;
      const job = startJob({
        request,
        run: runOf(index),
        runner: runnerOf(clock, clients),
        onEvent: ({ at }) => (ended = at),
      });
      return { name, release, job, took: () => ended - began };
    });
    await until(clock, Promise.all(jobs.map(({ job }) => job.ended)));
    if (failures.length > 0) throw new AggregateError(failures, 'the sandbox failed');
    return {
      fleet,
      took: clock.now() - began,
      members: jobs.map(({ name, release, job, took }) => ({
        name,
        release,
        expected: release === 'good' ? 'deployed' : 'rolled-back',
        finished: finishedOf(job.events),
        events: job.events,
        calls: callsOf.get(name)!,
        took: took(),
      })),
    };
  } finally {
    restoreGlobals();
    await ecs.close();
    await elb.close();
    cloudWatch.close();
  }
}

const FIRST_PORT = 8_000;

function shareOf(share: number): readonly Bucket[] {
  return PUBLISHED.map((bucket) => ({
    ...bucket,
    burst: Math.max(1, bucket.burst * share),
    perSecond: bucket.perSecond * share,
  }));
}

/** The image's name determines its behaviour. */
function imageOf(service: string, release: keyof typeof RELEASES, version: 'old' | 'new'): string {
  return `registry.example.com/${service}/${release.replaceAll(' ', '-')}@sha256:${version}`;
}

function behaviourOf(image: string): Partial<Behaviour> {
  const release = image.split('/').at(-1)!.split('@')[0]!.replaceAll('-', ' ');
  return new Map<string, Partial<Behaviour>>(Object.entries(RELEASES)).get(release) ?? {};
}

function runnerOf(clock: ReturnType<typeof createVirtualClock>, clients: Clients) {
  return { clock, clients, calls: 0, killed: false, death: new Promise<void>(() => {}), kill() {} };
}

/** One data plane of all. Each has its own port. */
function allOf(planes: readonly DataPlane[]): DataPlane {
  return {
    async apply(listeners) {
      await Promise.all(planes.map((plane) => plane.apply(listeners)));
    },
    probe: (target, check) => planes[0]!.probe(target, check),
    async close() {
      await Promise.all(planes.map((plane) => plane.close()));
    },
  };
}

async function until<T>(clock: ReturnType<typeof createVirtualClock>, work: Promise<T>): Promise<T> {
  const state = { settled: false };
  const end = () => void (state.settled = true);
  work.then(end, end);
  const began = clock.now();
  while (!state.settled) {
    await clock.advance(SECOND);
    if (clock.now() - began > 6 * HOUR) throw new Error('the fleet has not arrived after six hours');
  }
  return work;
}

function finishedOf(events: readonly Event[]): Finished | null {
  const last = events.at(-1);
  return last?.kind === 'finished' ? last : null;
}
