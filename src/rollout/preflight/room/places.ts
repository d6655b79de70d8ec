import type { ContainerInstance } from '@aws-sdk/client-ecs';
import type { TaskNeed } from './task-need.ts';
import { meets } from './constraint.ts';

/** A container instance, with what ECS does not say about it. */
export interface Host extends ContainerInstance {
  /** How many tasks it has network interfaces for, and how many when it is empty. Absent: not known. */
  readonly interfaces?: { readonly free: number; readonly whenEmpty: number };
}

export interface PlacesOptions {
  /** At most this many tasks are placed. */
  readonly wanted: number;
  /** Each task needs an instance of its own. */
  readonly distinct: boolean;
}

/**
 * How many tasks of this need the instances have places for, as ECS would count: what is left of
 * their CPU, memory, GPUs, ports and network interfaces, and their attributes. Constraints that are not understood
 * exclude no instance, so the result may be too large but not too small. Pure.
 */
export function placesOn(
  hosts: readonly Host[],
  need: TaskNeed,
  { wanted, distinct }: PlacesOptions,
): number {
  const places = hosts.reduce((total, host) => total + placesOnHost(host, need, distinct), 0);
  return Math.min(wanted, places);
}

function placesOnHost(host: Host, need: TaskNeed, distinct: boolean): number {
  const { status, agentConnected, remainingResources = [], attributes = [] } = host;
  if (status !== 'ACTIVE' || agentConnected === false) return 0;
  const has = need.attributes.every(({ name, value }) =>
    attributes.some((found) => found.name === name && (value === undefined || found.value === value)),
  );
  if (!has || !need.constraints.every((expression) => meets(host, expression))) return 0;
  const resource = (name: string) => remainingResources.find((found) => found.name === name);
  const used = resource('PORTS')?.stringSetValue ?? [];
  if (need.ports.some((port) => used.includes(port))) return 0;
  const most = Math.min(
    times(resource('CPU')?.integerValue ?? 0, need.cpu),
    times(resource('MEMORY')?.integerValue ?? 0, need.memory),
    times(resource('GPU')?.stringSetValue?.length ?? 0, need.gpus),
    distinct || need.ports.length > 0 ? 1 : Infinity,
    need.networkInterface ? (host.interfaces?.free ?? Infinity) : Infinity,
  );
  return Math.max(0, most);
}

/** How many times a need fits in what is left; any number when nothing is needed. */
function times(left: number, each: number): number {
  return each === 0 ? Infinity : Math.floor(left / each);
}

/** The same instance without tasks: what a new one of its kind has room for. Pure. */
export function emptied({ interfaces, ...host }: Host): Host {
  const { registeredResources = [] } = host;
  return {
    ...host,
    status: 'ACTIVE',
    agentConnected: true,
    remainingResources: registeredResources,
    ...(interfaces && { interfaces: { ...interfaces, free: interfaces.whenEmpty } }),
  };
}
