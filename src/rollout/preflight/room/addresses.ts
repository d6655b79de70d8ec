import type { Service } from '@aws-sdk/client-ecs';
import type { Ec2 } from '../../../aws/ec2.ts';
import type { RoomSaid } from './room.ts';

/**
 * Compares the free addresses of the service's subnets with the tasks that a release starts. `null`
 * when they are enough, or when the tasks need none. Rejects with UserError when AWS refuses the read.
 */
export async function readAddresses(
  ec2: Ec2,
  { networkConfiguration }: Service,
  wanted: number,
): Promise<RoomSaid | null> {
  const { subnets = [] } = networkConfiguration?.awsvpcConfiguration ?? {};
  if (subnets.length === 0) return null;
  const described = await ec2.describeSubnets(subnets);
  const addresses = new Map(
    described.flatMap(({ SubnetId = '', AvailableIpAddressCount: count }) =>
      count === undefined ? [] : [[SubnetId, count]],
    ),
  );
  const free = [...addresses.values()].reduce((sum, each) => sum + each, 0);
  // A subnet that is not in the answer may have addresses.
  if (free >= wanted || addresses.size < subnets.length) return null;
  return {
    isShort: true,
    message: `the subnets of the service have ${free} free ${free === 1 ? 'address' : 'addresses'} for the ${wanted} tasks that this release starts beside the running ones (${[...addresses].map(([id, each]) => `${id}: ${each}`).join(', ')}). Tasks without an address cannot start: free addresses, or add a subnet to the service.`,
  };
}
