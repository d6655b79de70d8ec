// AWS in this process on a virtual clock. Service `web` of cluster `shop` serves simulated users.
// The image of a task definition decides how its tasks behave.
import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import { createAutoScaling } from '../../sandbox/auto-scaling/auto-scaling.ts';
import { createApplicationAutoScaling } from '../../sandbox/application-auto-scaling/application-auto-scaling.ts';
import { createEc2 } from '../../sandbox/ec2/ec2.ts';
import { createServiceQuotas } from '../../sandbox/service-quotas/service-quotas.ts';
import { createCloudWatchLogs } from '../../sandbox/cloudwatch-logs/cloudwatch-logs.ts';
import { createCloudWatch } from '../../sandbox/cloudwatch/cloudwatch.ts';
import { createEcs, type EcsSettings } from '../../sandbox/ecs/ecs.ts';
import type { InstanceSpec } from '../../sandbox/ecs/instances.ts';
import type { Platform } from '../../sandbox/ecs/platform.ts';
import { createElbv2 } from '../../sandbox/elbv2/elbv2.ts';
import { createFaults, type Faults } from '../../sandbox/faults/faults.ts';
import { allows, readPolicy, type Wanted } from '../../sandbox/iam/policy.ts';
import { wantedBy } from '../../sandbox/iam/wanted.ts';
import type { LoadBalancing, Target } from '../../sandbox/ports.ts';
import { sandboxUser } from '../../sandbox/sts/sessions.ts';
import { createSts } from '../../sandbox/sts/sts.ts';
import { GOOD, type Behaviour } from '../../sandbox/simulated/behaviour.ts';
import { createSimulatedTasks, type Answering } from '../../sandbox/simulated/tasks.ts';
import { createSimulatedTraffic, type Tally } from '../../sandbox/simulated/traffic.ts';
import { denied } from '../../sandbox/wire/access-denied.ts';
import { createWire, inProcess, knowsOperation, type Wire } from '../../sandbox/wire/wire.ts';
import type { Service } from '../../sandbox/wire/service.ts';
import { createClients, type Clients } from '../../src/aws/clients.ts';
import { HOUR, MINUTE, type Milliseconds } from '../../src/core/time/clock.ts';
import { createDirectClients, type Gate } from './direct-clients.ts';
import { createSimulatedEcr, type SimulatedEcr } from './simulated-ecr.ts';
import {
  createCluster,
  createService,
  registerTaskDefinition,
  type ServiceOptions,
} from './simulated-service.ts';
import { realWorkDone } from './real-work.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';

export interface SimulatedAws {
  readonly clock: VirtualClock;
  readonly wire: Wire;
  /** The SDK's clients over the simulated wire, without retries. */
  readonly clients: Clients;
  /** The same, with the credentials of a session that expires and is not renewed. */
  readonly clientsOfSession: (length: Milliseconds) => Clients;
  /** Clients without faults, for the test's own calls and for other people's actions. */
  readonly bystander: Clients;
  /** Direct clients that may only do what `policy` allows. `onAction` is called for each one. */
  readonly allowed: (policy: object, onAction?: (wanted: Wanted, isAllowed: boolean) => void) => Clients;
  readonly services: readonly Service[];
  /** The same services behind `disturb`. */
  readonly disturbed: readonly Service[];
  readonly loadBalancing: LoadBalancing;
  /** Changes the size of the group of `scaledInstances`. */
  readonly resizeInstances: (size: { readonly desired: number; readonly maximum: number }) => void;
  /** Instances, the capacity of Fargate and subnets. A test may change them at any time. */
  readonly platform: Platform;
  readonly ecr: SimulatedEcr;
  /** The two target groups of the service. At the start, the first has all traffic. */
  readonly targetGroups: readonly [string, string];
  readonly rule: string;
  readonly listener: string;
  readonly tallies: ReadonlyMap<string, Tally>;
  readonly unansweredAt: readonly number[];
  /** The image that answers at an address; `null` if none does. */
  readonly imageAt: (target: Target) => string | null;
  /** Registers a task definition. Its image decides how its tasks behave. Returns the ARN. */
  readonly register: (image: string) => Promise<string>;
  /** Advances the clock until `work` has settled. */
  readonly until: <T>(work: Promise<T>) => Promise<T>;
  close(): Promise<void>;
}

export interface SimulatedAwsOptions extends Omit<ServiceOptions, 'name' | 'port' | 'account' | 'family'> {
  readonly versions: Readonly<Record<string, Partial<Behaviour>>>;
  /**
   * The container instances of cluster `shop`. With them, the service has launch type EC2 unless
   * the options say otherwise.
   */
  readonly instances?: readonly Omit<InstanceSpec, 'cluster'>[];
  /**
   * A capacity provider with managed scaling, `shop-instances`, and its Auto Scaling group of the same
   * name. The service uses it unless the options say otherwise.
   */
  readonly scaledInstances?: ScaledInstances;
  readonly rate?: number;
  /** Interval between the users' requests. Default: one second. */
  readonly usersEvery?: Milliseconds;
  readonly seed?: number;
  readonly clock?: VirtualClock;
  /** Settings of the sandbox's ECS. */
  readonly timing?: Partial<EcsSettings>;
  /** Delay until CloudWatch publishes a metric. */
  readonly lag?: Milliseconds;
  /** Behaviour of a version at a time, for versions that change. */
  readonly behaviourNow?: (answering: Answering, now: number) => Behaviour;
  /** Called when ECS sets weights. */
  readonly watchWeights?: (rule: string, weights: ReadonlyMap<string, number>) => void;
  readonly routed?: () => void;
  readonly faults?: Faults;
  /** Wraps each service, for example to make answers stale or incomplete. */
  readonly disturb?: (service: Service) => Service;
  /** More members of the container of the service's first revision. */
  readonly firstContainer?: ContainerDefinition;
  /** Length of each STS session. */
  readonly sessionLength?: Milliseconds;
  /** More options of the SDK's clients. */
  readonly sdk?: object;
}

export interface ScaledInstances {
  /** Default: t3.medium, 2048 CPU units and 3828 MiB. */
  readonly instanceType?: string;
  /** Sizes of the group. */
  readonly minimum: number;
  readonly maximum: number;
  /** Until a new instance is in service. Default: two minutes. */
  readonly launchTime?: Milliseconds;
}

const SCALED = 'shop-instances';

/** The same seed gives the same run. */
export async function createSimulatedAws(options: SimulatedAwsOptions): Promise<SimulatedAws> {
  const clock = options.clock ?? createVirtualClock();
  const { disturb = (service) => service, behaviourNow = ({ behaviour }) => behaviour } = options;
  const random = seeded(options.seed ?? 1);
  const cloudWatch = createCloudWatch({ clock, lag: options.lag ?? MINUTE });
  const logs = createCloudWatchLogs({ clock });
  const tasks = createSimulatedTasks({
    clock,
    behaviourOf: (image) => ({ ...GOOD, ...options.versions[image] }),
  });
  const traffic = createSimulatedTraffic({
    clock,
    random,
    metrics: cloudWatch.sink,
    at(target) {
      const answering = tasks.at(target);
      return answering && behaviourNow(answering, clock.now());
    },
    port: 80,
    rate: options.rate ?? 20,
    ...(options.usersEvery && { every: options.usersEvery }),
    ...(options.routed && { routed: options.routed }),
  });
  const elb = createElbv2({
    clock,
    account: ACCOUNT,
    region: REGION,
    dataPlane: traffic,
    metrics: cloudWatch.sink,
  });
  const loadBalancing: LoadBalancing = {
    ...elb.loadBalancing,
    setWeights(rule, weights) {
      elb.loadBalancing.setWeights(rule, weights);
      options.watchWeights?.(rule, weights);
    },
  };
  const { launchTime } = options.scaledInstances ?? {};
  const autoScaling = createAutoScaling({
    clock,
    account: ACCOUNT,
    region: REGION,
    random,
    ...(launchTime !== undefined && { launchTime }),
  });
  const ecs = createEcs({
    clock,
    account: ACCOUNT,
    region: REGION,
    random,
    loadBalancing,
    runner: tasks,
    groups: autoScaling.groups,
    alarms: cloudWatch.alarms,
    metrics: cloudWatch.sink,
    ...(options.timing && { timing: options.timing }),
  });
  const scaling = createApplicationAutoScaling({
    clock,
    account: ACCOUNT,
    region: REGION,
    tracking: { services: ecs.scalable, metrics: cloudWatch.metricData },
  });
  const failures: unknown[] = [];
  const sts = createSts({ clock, ...(options.sessionLength && { sessionLength: options.sessionLength }) });
  const ecr = createSimulatedEcr({ clock, account: ACCOUNT, region: REGION });
  const services = [
    ecs.service,
    ecr.service,
    elb.service,
    cloudWatch.service,
    logs.service,
    sts.service,
    autoScaling.service,
    scaling.service,
    createEc2(ecs.subnets),
    createServiceQuotas(ecs.vCpuQuota),
  ];
  const disturbed = services.map(disturb);
  const wire = createWire({
    services: disturbed,
    faults: options.faults ?? createFaults(knowsOperation),
    clock,
    account: ACCOUNT,
    hasEnded: sts.sessions.hasEnded,
    onFailure: (error) => failures.push(error),
  });
  const clientsWith = (credentials: object) =>
    createClients({
      region: REGION,
      version: 'test',
      overrides: {
        endpoint: 'http://sandbox',
        credentials,
        requestHandler: inProcess(wire),
        // No retries: the SDK would wait in real time.
        retryMode: 'standard',
        maxAttempts: 1,
        ...options.sdk,
      },
    });
  const clients = clientsWith({ accessKeyId: 'AKIATEST', secretAccessKey: 'secret' });
  const direct = (gate: Gate) =>
    createDirectClients({
      services,
      clock,
      faults: null,
      random,
      gate,
      account: ACCOUNT,
      region: REGION,
    });
  const bystander = direct((_, perform) => perform());

  async function until<T>(work: Promise<T>): Promise<T> {
    const state = { settled: false };
    const end = () => void (state.settled = true);
    work.then(end, end);
    const began = clock.now();
    while (!state.settled) {
      await realWorkDone();
      await clock.advance(1_000);
      if (clock.now() - began > 6 * HOUR)
        throw new Error('It did not end within six hours of simulated time.');
    }
    return work;
  }

  function scaleInstances({ instanceType = 't3.medium', minimum, maximum }: ScaledInstances): void {
    call(autoScaling.service, 'CreateAutoScalingGroup', {
      AutoScalingGroupName: SCALED,
      MinSize: minimum,
      MaxSize: maximum,
      MixedInstancesPolicy: { LaunchTemplate: { Overrides: [{ InstanceType: instanceType }] } },
    });
    call(ecs.service, 'CreateCapacityProvider', {
      name: SCALED,
      autoScalingGroupProvider: {
        autoScalingGroupArn: autoScaling.groups.named(SCALED)!.arn,
        managedScaling: { status: 'ENABLED' },
      },
    });
    call(ecs.service, 'PutClusterCapacityProviders', {
      cluster: 'shop',
      capacityProviders: [SCALED],
      defaultCapacityProviderStrategy: [],
    });
  }

  const isOnInstances = options.instances !== undefined || options.scaledInstances !== undefined;
  const task = { ...(isOnInstances && { compatibility: 'EC2' as const }), ...options.task };
  const register = (image: string) => registerTaskDefinition(bystander, 'web', image, task);
  await createCluster(bystander);
  for (const instance of options.instances ?? []) ecs.platform.addInstance({ ...instance, cluster: 'shop' });
  if (options.instances?.length === 0) ecs.platform.limit('shop');
  if (options.scaledInstances) scaleInstances(options.scaledInstances);
  const stack = await until(
    createService(bystander, {
      ...(options.instances && { launchType: 'EC2' }),
      ...(options.scaledInstances && {
        capacityProviderStrategy: [{ capacityProvider: SCALED, weight: 1 }],
      }),
      ...options,
      task,
      name: 'web',
      port: 80,
      account: ACCOUNT,
    }),
  );
  // The latency thresholds require some history.
  await clock.advance(10 * MINUTE);

  return {
    clock,
    wire,
    clients,
    clientsOfSession(length) {
      const { AccessKeyId, SecretAccessKey, SessionToken } = sts.sessions.begin(sandboxUser(ACCOUNT), length);
      return clientsWith({
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
      });
    },
    bystander,
    allowed(document, onAction = () => {}) {
      const policy = readPolicy(JSON.stringify(document));
      return direct(async (call, perform) => {
        for (const wanted of wantedBy({ ...call, caller: { account: ACCOUNT, region: REGION } })) {
          const isAllowed = allows(policy, wanted);
          onAction(wanted, isAllowed);
          if (!isAllowed)
            throw Object.assign(new Error(denied(wanted, ACCOUNT)), {
              name: 'AccessDeniedException',
              $fault: 'client',
              $metadata: { httpStatusCode: 400 },
            });
        }
        return perform();
      });
    },
    services,
    disturbed,
    loadBalancing: elb.loadBalancing,
    resizeInstances: ({ desired, maximum }) =>
      call(autoScaling.service, 'UpdateAutoScalingGroup', {
        AutoScalingGroupName: SCALED,
        DesiredCapacity: desired,
        MaxSize: maximum,
      }),
    platform: ecs.platform,
    ecr,
    ...stack,
    tallies: traffic.tallies,
    unansweredAt: traffic.unansweredAt,
    imageAt: (target) => tasks.at(target)?.image ?? null,
    register,
    until,
    async close() {
      await ecs.close();
      autoScaling.close();
      scaling.close();
      await elb.close();
      cloudWatch.close();
      if (failures.length > 0) throw new AggregateError(failures, 'the sandbox failed');
    },
  };
}

function call(service: Service, operation: string, input: object): void {
  service.operations[operation]!(input, { account: ACCOUNT, region: REGION, accessKeyId: 'AKIATEST' });
}

/** The random number generator mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
