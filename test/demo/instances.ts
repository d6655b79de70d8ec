import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateCapacityProviderCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  UpdateContainerInstancesStateCommand,
  type ECSClient,
} from '@aws-sdk/client-ecs';
import type { Sandbox } from '../../sandbox/sandbox.ts';

/** Two of these tasks fill an instance. */
export const TASK_SIZE = { cpu: '1024', memory: '2048' } as const;
const INSTANCE_TYPE = 'm5.large';

/** One instance at the start, and as many as `maximum` when tasks wait for room. Returns the capacity provider. */
export async function createInstances(
  ecs: ECSClient,
  client: Sandbox['client'],
  { maximum }: { readonly maximum: number },
): Promise<string> {
  const name = 'shop-instances';
  const autoScaling = new AutoScalingClient(client);
  try {
    await autoScaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: name,
        MinSize: 1,
        MaxSize: maximum,
        MixedInstancesPolicy: { LaunchTemplate: { Overrides: [{ InstanceType: INSTANCE_TYPE }] } },
      }),
    );
    const { AutoScalingGroups } = await autoScaling.send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
    );
    await ecs.send(
      new CreateCapacityProviderCommand({
        name,
        autoScalingGroupProvider: {
          autoScalingGroupArn: AutoScalingGroups![0]!.AutoScalingGroupARN!,
          managedScaling: { status: 'ENABLED' },
        },
      }),
    );
    return name;
  } finally {
    autoScaling.destroy();
  }
}

/** Drains the instance of the newest task of a service. Returns the EC2 instance's container instance ARN. */
export async function drainHostOfNewestTask(
  ecs: ECSClient,
  cluster: string,
  service: string,
): Promise<string> {
  const { taskArns } = await ecs.send(new ListTasksCommand({ cluster, serviceName: service }));
  const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
  const [newest] = tasks.toSorted((a, b) => Number(b.createdAt) - Number(a.createdAt));
  const host = newest!.containerInstanceArn!;
  await ecs.send(
    new UpdateContainerInstancesStateCommand({ cluster, containerInstances: [host], status: 'DRAINING' }),
  );
  return host;
}
