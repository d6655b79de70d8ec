import {
  DescribeInstanceTypesCommand,
  DescribeSubnetsCommand,
  EC2Client,
  type EC2ClientConfig,
  type InstanceTypeInfo,
  type _InstanceType,
  type Subnet,
} from '@aws-sdk/client-ec2';

/** What ecs-ramp uses of EC2. Its whole client is 2 MB. Rejects with UserError when AWS refuses. */
export interface Ec2 {
  readonly describeSubnets: (ids: readonly string[]) => Promise<readonly Subnet[]>;
  readonly describeInstanceTypes: (types: readonly string[]) => Promise<readonly InstanceTypeInfo[]>;
}

/** @param made prepares the client. */
export function createEc2(options: EC2ClientConfig, made: (client: EC2Client) => EC2Client): Ec2 {
  const client = made(new EC2Client(options));
  return {
    async describeSubnets(ids) {
      const { Subnets = [] } = await client.send(new DescribeSubnetsCommand({ SubnetIds: [...ids] }));
      return Subnets;
    },
    async describeInstanceTypes(types) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- EC2 has types that are newer than the SDK
      const InstanceTypes = [...types] as _InstanceType[];
      const answer = await client.send(new DescribeInstanceTypesCommand({ InstanceTypes }));
      return answer.InstanceTypes ?? [];
    },
  };
}
