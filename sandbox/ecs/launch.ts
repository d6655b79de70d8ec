import type {
  CapacityProviderStrategyItem,
  PlacementConstraint,
  PlacementStrategy,
} from '@aws-sdk/client-ecs';
import { chooseSubnet, fargateObstacle, fargateStartFailure } from './fargate.ts';
import { FARGATE_PROVIDERS } from './cluster-providers.ts';
import { waitsForInstances } from './managed-scaling.ts';
import { findInstance, type Obstacle } from './placement.ts';
import { createTask } from './tasks.ts';
import type {
  ClusterRecord,
  InstanceRecord,
  RevisionRecord,
  TaskDefinitionRecord,
  TaskRecord,
  World,
} from './world.ts';

export interface Launch {
  readonly cluster: ClusterRecord;
  readonly taskDefinition: TaskDefinitionRecord;
  /** `null` for a task of RunTask. */
  readonly revision: RevisionRecord | null;
  readonly launchType: TaskRecord['launchType'];
  /** Instead of a launch type. */
  readonly capacityProviderStrategy: readonly CapacityProviderStrategyItem[];
  readonly constraints: readonly PlacementConstraint[];
  readonly strategy: readonly PlacementStrategy[];
  readonly subnets: readonly string[];
  readonly group: string;
  readonly startedBy: string | undefined;
  readonly enableExecuteCommand: boolean;
}

/** Starts a task where there is room. */
export function launchTask(
  world: World,
  launch: Launch,
): { readonly task: TaskRecord } | { readonly obstacle: Obstacle } {
  const { cluster, taskDefinition, revision, group, startedBy, enableExecuteCommand } = launch;
  const capacityProvider = nextProvider(world, launch);
  const isOnFargate =
    capacityProvider === null
      ? launch.launchType === 'FARGATE'
      : FARGATE_PROVIDERS.includes(capacityProvider);
  const create = (
    place: Pick<TaskRecord, 'instance' | 'subnet' | 'availabilityZone'> &
      Partial<Pick<TaskRecord, 'startFailure' | 'waitsForInstance'>>,
  ) => ({
    task: createTask(world, {
      startFailure: null,
      waitsForInstance: false,
      cluster,
      taskDefinition,
      revision,
      group,
      startedBy,
      enableExecuteCommand,
      capacityProvider,
      launchType: capacityProvider === null ? launch.launchType : isOnFargate ? 'FARGATE' : 'EC2',
      ...place,
    }),
  });

  const subnets = taskDefinition.definition.networkMode === 'awsvpc' ? launch.subnets : [];
  const subnetIn = (zone: string | null) => {
    const subnet = chooseSubnet(world, subnets, zone);
    return { subnet: subnet?.id ?? null, availabilityZone: zone ?? subnet?.availabilityZone ?? 'eu-west-1a' };
  };
  if (isOnFargate || !cluster.isLimited) {
    const obstacle = isOnFargate ? fargateObstacle(world, launch) : null;
    if (obstacle) return { obstacle };
    const startFailure = isOnFargate ? fargateStartFailure(world, chooseSubnet(world, subnets, null)) : null;
    return create({ ...subnetIn(null), instance: null, startFailure });
  }
  const found = findInstance(world, { ...launch, capacityProvider });
  if ('instance' in found) {
    return create({ ...subnetIn(zoneOf(found.instance)), instance: found.instance });
  }
  if (!waitsForInstances(world, capacityProvider)) return found;
  return create({ ...subnetIn(null), instance: null, waitsForInstance: true });
}

/** Gives a task that waits for an instance its place, when there is one. */
export function findPlace(world: World, task: TaskRecord): void {
  const { settings, primary } = task.revision?.service ?? {};
  const found = findInstance(world, {
    cluster: task.cluster,
    taskDefinition: task.taskDefinition,
    capacityProvider: task.capacityProvider,
    group: task.group,
    constraints: settings?.placementConstraints ?? [],
    strategy: settings?.placementStrategy ?? [],
  });
  if ('obstacle' in found) return;
  const zone = zoneOf(found.instance);
  const subnets = primary?.spec.networkConfiguration?.awsvpcConfiguration?.subnets ?? [];
  task.instance = found.instance;
  task.availabilityZone = zone ?? task.availabilityZone;
  if (task.subnet !== null) task.subnet = chooseSubnet(world, subnets, zone)?.id ?? task.subnet;
  task.waitsForInstance = false;
}

const zoneOf = ({ attributes }: InstanceRecord) => attributes.get('ecs.availability-zone') ?? null;

/** The provider that is furthest below its share; `null` without a strategy. */
function nextProvider(world: World, { capacityProviderStrategy, group }: Launch): string | null {
  const tasks = [...world.tasks.values()].filter(
    (task) => task.group === group && task.desiredStatus === 'RUNNING',
  );
  const ranked = capacityProviderStrategy.map(({ capacityProvider = '', base = 0, weight = 0 }) => {
    const count = tasks.filter((task) => task.capacityProvider === capacityProvider).length;
    const isBelowBase = count < base;
    return { capacityProvider, rank: isBelowBase ? -1 : weight === 0 ? Infinity : (count - base) / weight };
  });
  return ranked.toSorted((a, b) => a.rank - b.rank)[0]?.capacityProvider ?? null;
}
