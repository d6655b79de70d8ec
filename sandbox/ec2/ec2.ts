import type {
  DescribeInstanceTypesRequest,
  DescribeInstanceTypesResult,
  DescribeSubnetsRequest,
  DescribeSubnetsResult,
} from '@aws-sdk/client-ec2';
import type { Subnets } from '../ports.ts';
import { AwsError, type Service } from '../wire/service.ts';

/** How many network interfaces an instance can have. */
const INTERFACES: Readonly<Record<string, number>> = {
  't3.small': 3,
  't3.medium': 3,
  't3.large': 3,
  'm5.large': 3,
  'm5.xlarge': 4,
};

/** EC2: the subnets of tasks with their free addresses, and the types of instances. */
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
      DescribeInstanceTypes({
        InstanceTypes = [],
      }: DescribeInstanceTypesRequest): DescribeInstanceTypesResult {
        const unknown = InstanceTypes.filter((type) => !Object.hasOwn(INTERFACES, type));
        if (unknown.length > 0) {
          throw new AwsError(
            'InvalidInstanceType',
            `The following supplied instance types do not exist: [${unknown.join(', ')}]`,
          );
        }
        return {
          InstanceTypes: InstanceTypes.map((type) => ({
            InstanceType: type,
            NetworkInfo: { MaximumNetworkInterfaces: INTERFACES[type]! },
          })),
        };
      },
    },
  };
}
