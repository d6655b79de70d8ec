import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import {
  DescribeCapacityProvidersCommand,
  DescribeContainerInstancesCommand,
  ListContainerInstancesCommand,
  type CapacityProvider,
  type ContainerInstance,
  type ECSClient,
  type Service,
} from '@aws-sdk/client-ecs';
import { nameOfArn } from '../../../core/arn.ts';
import type { Ec2 } from '../../../aws/ec2.ts';
import { withInterfaces } from './interfaces.ts';
import type { Host } from './places.ts';
import { compareRoom, type GrowingProvider, type RoomSaid } from './room.ts';
import type { TaskNeed } from './task-need.ts';

export interface InstanceClients {
  readonly ec2: () => Promise<Ec2>;
  readonly ecs: ECSClient;
  readonly autoScaling: () => Promise<AutoScalingClient>;
}

/** DescribeContainerInstances allows this many per call; larger clusters are not counted. */
const AT_ONCE = 100;

export interface InstanceNeed extends TaskNeed {
  /** How many tasks. */
  readonly wanted: number;
  /** The capacity providers of the service, if any. */
  readonly names: readonly string[];
}

/**
 * Reads whether the cluster's instances have room for the tasks of a release. `null` when they have, or
 * when the cluster is too large to count. Rejects with UserError when AWS refuses a read, but for the
 * network interfaces, which then count as enough. @param onUnread gets the reason.
 */
export async function readInstances(
  { ec2, ecs, autoScaling }: InstanceClients,
  service: Service,
  { wanted, names, ...need }: InstanceNeed,
  onUnread: (reason: unknown) => void,
): Promise<RoomSaid | null> {
  const [described, providers] = await Promise.all([
    readHosts(ecs, service.clusterArn!),
    names.length > 0 ? readProviders(ecs, names) : [],
  ]);
  if (described === null) return null;
  const hosts = need.networkInterface
    ? await withInterfaces({ ec2, ecs }, service, described).catch((error: unknown) => {
        onUnread(error);
        return described;
      })
    : described;
  const ofService =
    names.length === 0
      ? hosts
      : hosts.filter(({ capacityProviderName = '' }) => names.includes(capacityProviderName));
  const { placementConstraints = [] } = service;
  return compareRoom(
    {
      cluster: nameOfArn(service.clusterArn!),
      hosts: ofService,
      providers: await growing(providers, hosts, autoScaling),
    },
    {
      ...need,
      constraints: [
        ...need.constraints,
        ...placementConstraints.flatMap(({ expression }) => expression ?? []),
      ],
    },
    { wanted, distinct: placementConstraints.some(({ type }) => type === 'distinctInstance') },
  );
}

/** `null` when there are more than can be described at once. */
async function readHosts(ecs: ECSClient, cluster: string): Promise<readonly ContainerInstance[] | null> {
  const listed = await ecs.send(
    new ListContainerInstancesCommand({ cluster, status: 'ACTIVE', maxResults: AT_ONCE }),
  );
  const { containerInstanceArns = [], nextToken } = listed;
  if (nextToken) return null;
  if (containerInstanceArns.length === 0) return [];
  const described = await ecs.send(
    new DescribeContainerInstancesCommand({ cluster, containerInstances: containerInstanceArns }),
  );
  return described.containerInstances ?? [];
}

async function readProviders(ecs: ECSClient, names: readonly string[]): Promise<readonly CapacityProvider[]> {
  const answer = await ecs.send(new DescribeCapacityProvidersCommand({ capacityProviders: [...names] }));
  return answer.capacityProviders ?? [];
}

/** The providers that can add instances, and how many. */
async function growing(
  providers: readonly CapacityProvider[],
  hosts: readonly Host[],
  autoScaling: InstanceClients['autoScaling'],
): Promise<readonly GrowingProvider[]> {
  const managed = providers.filter(
    ({ autoScalingGroupProvider }) => autoScalingGroupProvider?.managedScaling?.status === 'ENABLED',
  );
  if (managed.length === 0) return [];
  const groups = await readGroups(
    managed.map(({ autoScalingGroupProvider }) =>
      nameOfGroup(autoScalingGroupProvider!.autoScalingGroupArn!),
    ),
    autoScaling,
  );
  return managed.map(({ name = '', autoScalingGroupProvider }) => ({
    name,
    more: groups.get(nameOfGroup(autoScalingGroupProvider!.autoScalingGroupArn!)) ?? 0,
    model: hosts.find(({ capacityProviderName }) => capacityProviderName === name) ?? null,
  }));
}

/** How many instances each Auto Scaling group can still add, by name. */
async function readGroups(
  names: readonly string[],
  autoScaling: InstanceClients['autoScaling'],
): Promise<ReadonlyMap<string, number>> {
  const { DescribeAutoScalingGroupsCommand } = await import('../../../aws/sdk/auto-scaling.ts');
  const client = await autoScaling();
  const answer = await client.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [...names] }),
  );
  return new Map(
    (answer.AutoScalingGroups ?? []).map(({ AutoScalingGroupName, MaxSize = 0, DesiredCapacity = 0 }) => [
      AutoScalingGroupName!,
      Math.max(0, MaxSize - DesiredCapacity),
    ]),
  );
}

/** The ARN ends with `autoScalingGroupName/NAME`; a name alone is allowed, too. */
function nameOfGroup(arn: string): string {
  return /autoScalingGroupName\/(.+)$/.exec(arn)?.[1] ?? arn;
}
