import { instancesOf, registerInstance, tasksOn } from './instances.ts';
import { needOf } from './need.ts';
import { loseInstance } from './lose-instance.ts';
import type { CapacityProviderRecord, ClusterRecord, InstanceRecord, TaskRecord, World } from './world.ts';

/** What tasks can reserve on instances of these types: CPU units and MiB. */
const SIZES: Readonly<Record<string, { readonly cpu: number; readonly memory: number }>> = {
  't3.small': { cpu: 2048, memory: 1896 },
  't3.medium': { cpu: 2048, memory: 3828 },
  't3.large': { cpu: 2048, memory: 7746 },
  'm5.large': { cpu: 2048, memory: 7680 },
  'm5.xlarge': { cpu: 4096, memory: 15_486 },
};

/** Lets the instances of Auto Scaling groups come and go, and changes the size of the groups. */
export function manageInstances(world: World): void {
  for (const provider of world.capacityProviders.values()) {
    const cluster = [...world.clusters.values()].find(({ capacityProviders }) =>
      capacityProviders.includes(provider.name),
    );
    if (!cluster) continue;
    cluster.isLimited = true;
    followGroup(world, provider, cluster);
    if (provider.managedScaling.status === 'ENABLED') scale(world, provider, cluster);
  }
}

/** Whether ECS keeps a task of the provider in PROVISIONING until an instance has room. */
export function waitsForInstances(world: World, capacityProvider: string | null): boolean {
  const provider = capacityProvider === null ? null : world.capacityProviders.get(capacityProvider);
  return provider?.managedScaling.status === 'ENABLED';
}

function followGroup(world: World, provider: CapacityProviderRecord, cluster: ClusterRecord): void {
  const group = world.groups.find(provider.groupArn);
  if (!group) return;
  const size = SIZES[group.instanceType];
  if (!size)
    throw new Error(`The sandbox does not know the size of an instance of type ${group.instanceType}.`);
  const registered = ownInstances(world, provider, cluster);
  for (const { id, zone, state } of group.instances) {
    const instance = registered.find(({ ec2InstanceId }) => ec2InstanceId === id);
    if (!instance && state === 'InService') {
      registerInstance(world, {
        ...size,
        cluster: cluster.name,
        ec2InstanceId: id,
        availabilityZone: zone,
        instanceType: group.instanceType,
        capacityProvider: provider.name,
      });
    }
    if (state === 'Terminating:Wait') takeAway(world, provider, { id, instance });
  }
  for (const instance of registered) {
    if (instance.agentConnected && !group.instances.some(({ id }) => id === instance.ec2InstanceId)) {
      loseInstance(world, instance, 0);
    }
  }
}

/** With managed draining, the group waits until ECS has moved the tasks. */
function takeAway(
  world: World,
  provider: CapacityProviderRecord,
  { id, instance }: { id: string; instance: InstanceRecord | undefined },
): void {
  if (instance && provider.managedDraining === 'ENABLED' && tasksOn(world, instance).length > 0) {
    instance.status = 'DRAINING';
    return;
  }
  world.groups.release(provider.groupArn, id);
}

function scale(world: World, provider: CapacityProviderRecord, cluster: ClusterRecord): void {
  const { clock, settings } = world;
  const now = clock.now();
  const instances = ownInstances(world, provider, cluster);
  noteIdle(world, provider, instances);
  if (now - provider.scaledAt < settings.managedScalingInterval) return;
  const group = world.groups.find(provider.groupArn);
  if (!group) return;
  const waiting = waitingTasks(world, provider);
  if (waiting.length > 0) {
    // Those that have no task yet come first.
    const free = group.instances.filter(
      ({ id, state }) => state === 'Pending' || provider.idleSince.has(id),
    ).length;
    const needed = instancesFor(waiting, SIZES[group.instanceType]!) - free;
    const { minimumScalingStepSize, maximumScalingStepSize } = provider.managedScaling;
    if (needed <= 0) return;
    provider.scaledAt = now;
    world.groups.grow(
      provider.groupArn,
      Math.min(Math.max(needed, minimumScalingStepSize ?? 1), maximumScalingStepSize ?? Infinity),
    );
    return;
  }
  const busy = instances.length - provider.idleSince.size;
  const kept = Math.ceil((busy * 100) / (provider.managedScaling.targetCapacity ?? 100));
  const longestIdle = [...provider.idleSince].find(([, since]) => now - since >= settings.scaleInAfter);
  if (!longestIdle || instances.length <= kept) return;
  provider.scaledAt = now;
  world.groups.release(provider.groupArn, longestIdle[0]);
}

function noteIdle(
  world: World,
  { idleSince }: CapacityProviderRecord,
  instances: readonly InstanceRecord[],
): void {
  const idle = instances.filter((instance) => tasksOn(world, instance).length === 0);
  for (const id of idleSince.keys()) {
    if (!idle.some(({ ec2InstanceId }) => ec2InstanceId === id)) idleSince.delete(id);
  }
  for (const { ec2InstanceId } of idle) {
    if (!idleSince.has(ec2InstanceId)) idleSince.set(ec2InstanceId, world.clock.now());
  }
}

function ownInstances(
  world: World,
  { name }: CapacityProviderRecord,
  cluster: ClusterRecord,
): InstanceRecord[] {
  return instancesOf(world, cluster).filter(({ capacityProvider }) => capacityProvider === name);
}

function waitingTasks(world: World, { name }: CapacityProviderRecord): TaskRecord[] {
  return [...world.tasks.values()].filter(
    (task) => task.waitsForInstance && task.desiredStatus === 'RUNNING' && task.capacityProvider === name,
  );
}

/** ECS's lower bound: what the tasks reserve together, by what an instance has. */
function instancesFor(tasks: readonly TaskRecord[], size: { cpu: number; memory: number }): number {
  const needs = tasks.map(({ taskDefinition }) => needOf(taskDefinition));
  const sum = (of: 'cpu' | 'memory') => needs.reduce((total, need) => total + need[of], 0);
  return Math.ceil(Math.max(sum('cpu') / size.cpu, sum('memory') / size.memory));
}
