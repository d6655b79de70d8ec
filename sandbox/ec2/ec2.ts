import type { DescribeSubnetsRequest, DescribeSubnetsResult } from '@aws-sdk/client-ec2';
import type { Subnets } from '../ports.ts';
import type { Service } from '../wire/service.ts';

/** EC2: the subnets of the tasks, with their free addresses. */
export function createEc2(subnets: Subnets): Service {
  return {
    name: 'ec2',
    operations: {
      DescribeSubnets: ({ SubnetIds = [] }: DescribeSubnetsRequest): DescribeSubnetsResult => ({
        Subnets: SubnetIds.map((id) => ({
          SubnetId: id,
          AvailableIpAddressCount: subnets.freeAddresses(id),
          State: 'available',
        })),
      }),
    },
  };
}
