import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import type { StrategyName } from '../../../core/plan/strategies.ts';
import type { TaskNeed } from './task-need.ts';
import { emptied, placesOn, type Host } from './places.ts';

/** What could be read about the instances of a cluster. */
export interface ClusterRoom {
  readonly cluster: string;
  /** Only those on which the service may run: of its capacity providers, if it has any. */
  readonly hosts: readonly Host[];
  readonly providers: readonly GrowingProvider[];
}

/** A capacity provider whose managed scaling can add instances. */
export interface GrowingProvider {
  readonly name: string;
  /** How many instances it can still add. */
  readonly more: number;
  /** One of its instances, as a model of the new ones; `null` when it has none. */
  readonly model: Host | null;
}

/** The result, in words for a person. `isShort`: ECS will not find room without help. */
export interface RoomSaid {
  readonly isShort: boolean;
  readonly message: string;
}

/**
 * How many tasks run beside the present ones at the peak of a release. A rolling update has its own
 * limit; every other strategy starts all new tasks first.
 */
export function extraTasks(
  strategy: StrategyName,
  desired: number,
  { maximumPercent = 200 }: DeploymentConfiguration,
): number {
  if (strategy !== 'rolling') return desired;
  return Math.max(0, Math.floor((desired * maximumPercent) / 100) - desired);
}

/**
 * Compares the room for the extra tasks with what they need. `null` when there is room, or when it
 * is not known. Pure.
 */
export function compareRoom(
  { cluster, hosts, providers }: ClusterRoom,
  need: TaskNeed,
  { wanted, distinct }: { readonly wanted: number; readonly distinct: boolean },
): RoomSaid | null {
  const now = placesOn(hosts, need, { wanted, distinct });
  if (now >= wanted) return null;
  const each = `each ${need.cpu} CPU units and ${need.memory} MiB`;
  const missing = `cluster ${cluster} has room for ${now} of the ${wanted} tasks that this release starts beside the running ones (${each})`;
  const growing = providers.filter(({ more }) => more > 0);
  // Without a model it is not known what a new instance has room for.
  if (growing.some(({ model }) => model === null)) return null;
  const added = growing.reduce((total, { more, model }) => {
    const perInstance = placesOn([emptied(model!)], need, { wanted, distinct });
    return total + more * perInstance;
  }, 0);
  const names = growing.map(({ name, more }) => `${name} (${more} more at most)`).join(', ');
  if (now + added >= wanted) {
    return {
      isShort: false,
      message: `${missing}. ECS waits until capacity provider ${names} has added instances.`,
    };
  }
  const limit = growing.length > 0 ? `, and capacity provider ${names} cannot add enough` : '';
  return {
    isShort: true,
    message: `${missing}${limit}: ECS would wait for room until capacity-timeout. Add instances or raise the maximum of their Auto Scaling group, or let the tasks need less.`,
  };
}
