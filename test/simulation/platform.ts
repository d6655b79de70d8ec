// Random trials with what happens underneath ECS: instances that are full, drained or gone, Spot,
// maintenance, and room that comes late or never.
import { DescribeServicesCommand, type Service, type Task } from '@aws-sdk/client-ecs';
import type { InstanceSpec } from '../../sandbox/ecs/instances.ts';
import { tasksOf } from '../../src/aws/ecs/tasks.ts';
import { MINUTE, SECOND, type Clock } from '../../src/core/time/clock.ts';
import type { SimulatedAws, SimulatedAwsOptions } from '../support/simulated-aws.ts';
import { Chance } from './chance.ts';
import type { PlatformEvent, PlatformPlan } from './platform-plan.ts';
import { CALLER } from './ground-truth.ts';
import { CALM, trialOf, type Trial } from './trial.ts';

const ON_FARGATE = ['Spot tasks', 'maintenance', 'rebalances', 'impaired'] as const;
const ON_INSTANCES = ['drains', 'ends', 'Spot instance'] as const;

/** One task takes half of an instance. */
const TASK = { cpu: 1024, memory: 1024 } as const;
const INSTANCE = { cpu: 2048, memory: 4096 } as const;
const TASKS_EACH = 2;

/** The random trial of a seed with a platform. Most of them have no other faults. */
export function platformTrialOf(seed: number): Trial {
  const chance = new Chance(seed ^ 0x91a7);
  const trial = trialOf(seed);
  const on = chance.kind<PlatformPlan['on']>({ instances: 3, 'scaled instances': 3, fargate: 2 });
  const isShort = on !== 'fargate' && chance.happens(0.4);
  const later = chance.happens(0.25) ? Infinity : chance.magnitude(MINUTE, 20 * MINUTE);
  const platform: Omit<PlatformPlan, 'scaling'> = {
    on,
    networkMode: on === 'fargate' || chance.happens(0.5) ? 'awsvpc' : 'bridge',
    roomAt: isShort ? later : 0,
    events: Array.from({ length: chance.oneOf(0, 1, 1, 2) }, () => ({
      kind: on === 'fargate' ? chance.oneOf(...ON_FARGATE) : chance.oneOf(...ON_INSTANCES),
      at: chance.magnitude(20 * SECOND, 25 * MINUTE),
      noticedAfter: chance.magnitude(2 * SECOND, 60 * SECOND),
      choice: chance.between(0, 0.999),
    })),
  };
  const strategy = chance.kind({ canary: 4, 'blue-green': 1 });
  const isCalm = chance.happens(0.7);
  // A target that fails for longer is found unhealthy before ECS notices that its host is gone.
  const scaling = chance.happens(0.3) ? chance.magnitude(0.4, 3) : null;
  const soon = 0.9 * trial.aws.healthCheckSeconds * SECOND;
  return {
    ...trial,
    ...(isCalm && {
      faultPlan: CALM,
      interference: null,
      metrics: { lag: 40 * SECOND, partial: 0, missing: 'none' as const },
    }),
    aws: { ...trial.aws, noPlace: null },
    rollout: {
      ...trial.rollout,
      strategy,
      capacityTimeout: chance.whole(3, 30) * MINUTE,
      ...(isCalm && { alarms: [] }),
    },
    platform: {
      ...platform,
      scaling,
      events: platform.events.map((event) => ({
        ...event,
        noticedAfter: Math.min(event.noticedAfter, soon),
      })),
    },
  };
}

/** How the simulated service is placed. */
export function placedBy({ platform, service }: Trial): Partial<SimulatedAwsOptions> {
  if (platform === null) return {};
  const task = { ...TASK, networkMode: platform.networkMode };
  if (platform.on === 'fargate') return {};
  const own = Math.ceil(service.desiredCount / TASKS_EACH);
  const full = fullSize(service.desiredCount);
  const settings = {
    task,
    placementStrategy: [{ type: 'spread' as const, field: 'attribute:ecs.availability-zone' }],
    placementConstraints: [{ type: 'memberOf' as const, expression: 'attribute:ecs.os-type == linux' }],
  };
  if (platform.on === 'scaled instances') {
    return {
      ...settings,
      scaledInstances: { minimum: own, maximum: platform.roomAt === Infinity ? own : full },
    };
  }
  const count = platform.roomAt === 0 ? full : own;
  return { ...settings, instances: Array.from({ length: count }, (_, index) => instance(index)) };
}

/** Room for both revisions, and for what one instance has. */
const fullSize = (desiredCount: number) => Math.ceil((2 * desiredCount) / TASKS_EACH) + 2;

const instance = (index: number): Omit<InstanceSpec, 'cluster'> => ({
  ...INSTANCE,
  availabilityZone: index % 2 === 0 ? 'eu-west-1a' : 'eu-west-1b',
});

/** Lets the plan happen, from now on. */
export function startPlatform(aws: SimulatedAws, clock: Clock, trial: Trial): void {
  const { platform } = trial;
  if (platform === null) return;
  if (platform.on === 'instances' && platform.roomAt > 0 && platform.roomAt < Infinity)
    clock.after(platform.roomAt, () => makeRoom(aws, trial));
  if (platform.scaling !== null) scaleByRequests(aws, trial, platform.scaling);
  for (const event of platform.events) clock.after(event.at, () => void happen(aws, event));
}

function scaleByRequests(aws: SimulatedAws, { rate, service }: Trial, scaling: number): void {
  const { operations } = aws.services.find(({ name }) => name === 'application-auto-scaling')!;
  const resource = {
    ServiceNamespace: 'ecs',
    ResourceId: 'service/shop/web',
    ScalableDimension: 'ecs:service:DesiredCount',
  };
  const most = 2 * service.desiredCount;
  operations['RegisterScalableTarget']!({ ...resource, MinCapacity: 1, MaxCapacity: most }, CALLER);
  const [, balancer] = /listener-rule\/(app\/[^/]+\/[^/]+)/.exec(aws.rule)!;
  const perTask = (rate * MINUTE) / SECOND / service.desiredCount;
  const tracking = {
    TargetValue: scaling * perTask,
    PredefinedMetricSpecification: {
      PredefinedMetricType: 'ALBRequestCountPerTarget',
      ResourceLabel: `${balancer}/${aws.targetGroups[0].split(':').at(-1)}`,
    },
  };
  operations['PutScalingPolicy']!(
    {
      ...resource,
      PolicyName: 'requests',
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: tracking,
    },
    CALLER,
  );
}

/** Adds instances for all tasks. */
export function makeRoom(aws: SimulatedAws, { platform, service }: Trial): void {
  const size = fullSize(service.desiredCount);
  if (platform?.on === 'scaled instances') aws.resizeInstances({ desired: size, maximum: size });
  if (platform?.on !== 'instances') return;
  for (let index = 0; index < size; index++)
    aws.platform.addInstance({ ...instance(index), cluster: 'shop' });
}

async function happen(aws: SimulatedAws, { kind, noticedAfter, choice }: PlatformEvent): Promise<void> {
  const { platform } = aws;
  const tasks = await runningTasks(aws);
  const victims = tasks.filter(({ containerInstanceArn }) => containerInstanceArn);
  const host = victims[Math.floor(choice * victims.length)]?.containerInstanceArn;
  const id = host === undefined ? null : platform.instanceId(host);
  const some = tasks
    .filter((_, index) => (index + 1) / tasks.length > choice)
    .map(({ taskArn = '' }) => taskArn);
  switch (kind) {
    case 'drains':
      return id === null ? undefined : platform.drain(id);
    case 'ends':
      return id === null ? undefined : platform.terminate(id, { noticedAfter });
    case 'Spot instance':
      return id === null ? undefined : platform.interruptSpotInstance(id);
    case 'Spot tasks':
      return platform.interruptSpotTasks(some);
    case 'maintenance':
      return platform.retire(some);
    case 'rebalances':
      return platform.rebalance(some);
    case 'impaired':
      return platform.impair(some);
  }
}

async function runningTasks({ bystander }: SimulatedAws): Promise<readonly Task[]> {
  return tasksOf(await bystander.ecs(), { cluster: 'shop', name: 'web' }, 'RUNNING');
}

/** What a release must leave alone. */
export type ServiceSettings = Pick<
  Service,
  'desiredCount' | 'placementConstraints' | 'placementStrategy' | 'capacityProviderStrategy' | 'launchType'
>;

export async function settingsOf({ bystander }: SimulatedAws): Promise<ServiceSettings> {
  const ecs = await bystander.ecs();
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['web'] }));
  const { desiredCount, placementConstraints, placementStrategy, capacityProviderStrategy, launchType } =
    services![0]!;
  return { desiredCount, placementConstraints, placementStrategy, capacityProviderStrategy, launchType };
}
