// A capacity provider of the live sandbox, which adds instances when tasks wait for one.
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateCapacityProviderCommand, PutClusterCapacityProvidersCommand } from '@aws-sdk/client-ecs';
import type { LiveSandbox } from './live-sandbox.ts';

export interface ScaledInstances {
  readonly capacityProvider: string;
  /** How many instances the group should have now. */
  size(): Promise<number>;
  close(): void;
}

/** CPU units of one instance. */
export const INSTANCE_CPU = 2048;

/** One instance at the start. */
export async function createScaledInstances(
  { aws, environment }: LiveSandbox,
  { maximum }: { readonly maximum: number },
): Promise<ScaledInstances> {
  const name = 'shop-instances';
  const autoScaling = new AutoScalingClient({
    endpoint: environment['AWS_ENDPOINT_URL']!,
    region: environment['AWS_REGION']!,
    credentials: {
      accessKeyId: environment['AWS_ACCESS_KEY_ID']!,
      secretAccessKey: environment['AWS_SECRET_ACCESS_KEY']!,
    },
  });
  const described = async () => {
    const { AutoScalingGroups } = await autoScaling.send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
    );
    return AutoScalingGroups![0]!;
  };
  await autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: name,
      MinSize: 1,
      MaxSize: maximum,
      MixedInstancesPolicy: { LaunchTemplate: { Overrides: [{ InstanceType: 't3.medium' }] } },
    }),
  );
  await aws.ecs.send(
    new CreateCapacityProviderCommand({
      name,
      autoScalingGroupProvider: {
        autoScalingGroupArn: (await described()).AutoScalingGroupARN!,
        managedScaling: { status: 'ENABLED' },
      },
    }),
  );
  await aws.ecs.send(
    new PutClusterCapacityProvidersCommand({
      cluster: 'shop',
      capacityProviders: [name],
      defaultCapacityProviderStrategy: [],
    }),
  );
  return {
    capacityProvider: name,
    size: async () => (await described()).DesiredCapacity!,
    close: () => autoScaling.destroy(),
  };
}
