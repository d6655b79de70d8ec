import type { Obstacle } from './placement.ts';
import { needOf } from './need.ts';
import type { ClusterRecord, SubnetRecord, TaskDefinitionRecord, World } from './world.ts';

const NO_CAPACITY =
  'Capacity is unavailable at this time. Please try again later or in a different availability zone.';
const NO_ADDRESS_IN_TIME = 'Timeout waiting for network interface provisioning to complete.';

/** Why Fargate does not take another task; `null` if it does. */
export function fargateObstacle(
  world: World,
  { cluster, taskDefinition }: { cluster: ClusterRecord; taskDefinition: TaskDefinitionRecord },
): Obstacle | null {
  const { vCpus, available, unavailableAt } = world.fargate;
  const { arn } = cluster;
  if (vCpus !== null && fargateCpu(world) + needOf(taskDefinition).cpu > vCpus * 1024) {
    const reason = "You've reached the limit on the number of vCPUs you can run concurrently";
    return { event: `was unable to place a task. Reason: ${reason}`, reason, arn };
  }
  if (!available && unavailableAt === 'placement') {
    return { event: `was unable to place a task. Reason: ${NO_CAPACITY}`, reason: NO_CAPACITY, arn };
  }
  return null;
}

/** CPU units of all tasks on Fargate that are not STOPPED. `provider`: only of this one. */
export function fargateCpu(world: World, provider?: 'OnDemand' | 'Spot'): number {
  return [...world.tasks.values()]
    .filter((task) => task.launchType === 'FARGATE' && task.lastStatus !== 'STOPPED')
    .filter(
      (task) =>
        provider === undefined || (provider === 'Spot') === (task.capacityProvider === 'FARGATE_SPOT'),
    )
    .reduce((sum, task) => sum + needOf(task.taskDefinition).cpu, 0);
}

/** Why a task on Fargate will not start, and when ECS notices; `null` if it will. */
export function fargateStartFailure(
  world: World,
  subnet: SubnetRecord | null,
): { readonly at: number; readonly reason: string } | null {
  const now = world.clock.now();
  const { available, unavailableAt } = world.fargate;
  if (!available && unavailableAt === 'start') return { at: now, reason: NO_CAPACITY };
  return subnet && freeAddresses(world, subnet) <= 0 ? addressFailure(world, subnet) : null;
}

/** The failure of a task for which its subnet has no address. */
function addressFailure(world: World, { id, shortage }: SubnetRecord) {
  const now = world.clock.now();
  if (shortage === 'times out') {
    return { at: now + world.settings.networkInterfaceTimeout, reason: NO_ADDRESS_IN_TIME };
  }
  const reason = `Unexpected EC2 error while attempting to Create Network Interface with public IP assignment disabled in subnet '${id}': InsufficientFreeAddressesInSubnet`;
  return { at: now, reason };
}

/** The addresses that a subnet of 256 has for network interfaces. AWS keeps five. */
const USUAL_ADDRESSES = 251;

/** What EC2 says about a subnet. */
export function availableAddresses(world: World, id: string): number {
  const addresses = world.subnets.get(id)?.addresses ?? USUAL_ADDRESSES;
  return Math.max(0, addresses - addressesInUse(world, id));
}

/** Infinity if the subnet has no limit. */
export function freeAddresses(world: World, { id, addresses }: SubnetRecord): number {
  if (addresses === null) return Infinity;
  return addresses - addressesInUse(world, id);
}

/** Tasks that have not failed to get an address hold one until they are STOPPED. */
export function addressesInUse(world: World, subnet: string): number {
  return [...world.tasks.values()].filter(
    (task) => task.subnet === subnet && task.startFailure === null && task.lastStatus !== 'STOPPED',
  ).length;
}

/** The subnet with most free addresses. `zone`: only there; `null` for any zone. */
export function chooseSubnet(
  world: World,
  subnets: readonly string[],
  zone: string | null,
): SubnetRecord | null {
  const known = subnets.map((id) => world.subnets.get(id) ?? unlimited(id));
  const allowed = zone === null ? known : known.filter(({ availabilityZone }) => availabilityZone === zone);
  return (
    (allowed.length > 0 ? allowed : known).reduce<{ subnet: SubnetRecord; free: number } | null>(
      (best, subnet) => {
        const free = freeAddresses(world, subnet);
        return best === null || free > best.free ? { subnet, free } : best;
      },
      null,
    )?.subnet ?? null
  );
}

const unlimited = (id: string): SubnetRecord => ({
  id,
  availabilityZone: 'eu-west-1a',
  addresses: null,
  shortage: 'refused',
});
