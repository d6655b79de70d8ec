import { DescribeSubnetsCommand, EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';

/** What ecs-ramp uses of EC2. Its whole client is 2 MB. */
export interface Ec2 {
  /** The free addresses of each subnet of which AWS tells them. Rejects with UserError when AWS refuses. */
  freeAddresses(subnets: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

/** @param made prepares the client. */
export function createEc2(options: EC2ClientConfig, made: (client: EC2Client) => EC2Client): Ec2 {
  const client = made(new EC2Client(options));
  return {
    async freeAddresses(subnets) {
      const { Subnets = [] } = await client.send(new DescribeSubnetsCommand({ SubnetIds: [...subnets] }));
      return new Map(
        Subnets.flatMap(({ SubnetId = '', AvailableIpAddressCount: free }) =>
          free === undefined ? [] : [[SubnetId, free]],
        ),
      );
    },
  };
}
