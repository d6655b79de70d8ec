import { describe, expect, test } from '@jest/globals';
import type { ContainerInstance } from '@aws-sdk/client-ecs';
import { createAutoScaling } from '../../../../sandbox/auto-scaling/auto-scaling.ts';
import { MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import { createStage } from './support.ts';

const CALLER = { account: '123456789012', region: 'eu-west-1', accessKeyId: 'AKIATEST' };
const HALF = { cpu: '1024', memory: '1024' } as const;

/** A service that fills its only instance. The group of its capacity provider has at most `maximum`. */
async function serving({
  maximum,
  ...provider
}: {
  maximum: number;
  managedDraining?: 'ENABLED' | 'DISABLED';
}) {
  let seed = 1;
  const sandbox = createStage({}, (clock) =>
    createAutoScaling({
      clock,
      account: CALLER.account,
      region: CALLER.region,
      random: () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647,
    }),
  );
  const { autoScaling } = sandbox;
  // oxlint-disable-next-line typescript/no-explicit-any -- replies are looked at member by member
  const group = (operation: string, input: object): any =>
    autoScaling!.service.operations[operation]!({ AutoScalingGroupName: 'web', ...input }, CALLER);
  group('CreateAutoScalingGroup', { MinSize: 1, MaxSize: maximum });
  const described = () => group('DescribeAutoScalingGroups', {}).AutoScalingGroups[0];
  sandbox.call('CreateCapacityProvider', {
    name: 'instances',
    autoScalingGroupProvider: {
      autoScalingGroupArn: described().AutoScalingGroupARN,
      managedScaling: { status: 'ENABLED' },
      ...provider,
    },
  });
  sandbox.call('PutClusterCapacityProviders', {
    cluster: 'main',
    capacityProviders: ['instances'],
    defaultCapacityProviderStrategy: [{ capacityProvider: 'instances', weight: 1 }],
  });
  sandbox.register('serves', HALF);
  await sandbox.serving({}, { taskDefinition: 'web:2' });
  const instances = (): ContainerInstance[] => {
    const { containerInstanceArns } = sandbox.call('ListContainerInstances', { cluster: 'main' });
    if (containerInstanceArns.length === 0) return [];
    return sandbox.call('DescribeContainerInstances', {
      cluster: 'main',
      containerInstances: containerInstanceArns,
    }).containerInstances;
  };
  return { ...sandbox, group, described, instances };
}

describe('a capacity provider with managed scaling', () => {
  test('is the default of the cluster, and shows in services, tasks and instances', async () => {
    const sandbox = await serving({ maximum: 2 });
    expect(sandbox.service().capacityProviderStrategy).toEqual([
      { capacityProvider: 'instances', weight: 1 },
    ]);
    expect(sandbox.service().launchType).toBeUndefined();
    expect(sandbox.tasks()[0]).toMatchObject({ capacityProviderName: 'instances', launchType: 'EC2' });
    expect(sandbox.instances()).toMatchObject([{ capacityProviderName: 'instances', runningTasksCount: 2 }]);
    const { capacityProviders, failures } = sandbox.call('DescribeCapacityProviders', {
      capacityProviders: ['instances', 'FARGATE', 'other'],
    });
    expect(capacityProviders).toMatchObject([
      { name: 'FARGATE' },
      {
        name: 'instances',
        status: 'ACTIVE',
        autoScalingGroupProvider: {
          autoScalingGroupArn: sandbox.described().AutoScalingGroupARN,
          managedScaling: { status: 'ENABLED', targetCapacity: 100 },
        },
      },
    ]);
    expect(failures).toMatchObject([{ reason: 'MISSING' }]);
  });

  test('keeps tasks in PROVISIONING until a new instance is in service', async () => {
    const sandbox = await serving({ maximum: 2 });
    sandbox.deploy(sandbox.register('serves', HALF));
    await sandbox.clock.advance(90 * SECOND);
    expect(sandbox.service()).toMatchObject({ runningCount: 2, pendingCount: 2 });
    const waiting = sandbox.tasks().filter(({ lastStatus }) => lastStatus === 'PROVISIONING');
    expect(waiting).toHaveLength(2);
    expect(waiting[0]!.containerInstanceArn).toBeUndefined();
    expect(sandbox.events().join('\n')).not.toContain('unable to place');
    expect(sandbox.described()).toMatchObject({ DesiredCapacity: 2, MaxSize: 2 });
    await sandbox.until(() => sandbox.deployment().status === 'SUCCESSFUL');
  });

  test('at its maximum, lets tasks fail to start after a while', async () => {
    const sandbox = await serving({ maximum: 1 });
    sandbox.deploy(sandbox.register('serves', HALF));
    await sandbox.clock.advance(14 * MINUTE);
    expect(sandbox.service().pendingCount).toBe(2);
    await sandbox.clock.advance(2 * MINUTE);
    expect(sandbox.tasks('STOPPED')[0]).toMatchObject({
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'RESOURCE:CPU',
    });
    sandbox.group('UpdateAutoScalingGroup', { MaxSize: 2 });
    await sandbox.until(() => sandbox.deployment().status === 'SUCCESSFUL');
  });

  test('removes an instance without tasks, down to the minimum', async () => {
    const sandbox = await serving({ maximum: 3 });
    sandbox.deploy(sandbox.register('serves', HALF));
    await sandbox.until(() => sandbox.deployment().status === 'SUCCESSFUL');
    await sandbox.clock.advance(10 * MINUTE);
    expect(sandbox.instances()).toHaveLength(2);
    await sandbox.clock.advance(10 * MINUTE);
    expect(sandbox.instances()).toMatchObject([{ runningTasksCount: 2 }]);
    expect(sandbox.described().DesiredCapacity).toBe(1);
    sandbox.call('UpdateService', { cluster: 'main', service: 'web', desiredCount: 0 });
    await sandbox.clock.advance(30 * MINUTE);
    expect(sandbox.instances()).toHaveLength(1);
  });

  test.each([
    ['ENABLED' as const, 'Service web: container instance is in DRAINING state'],
    ['DISABLED' as const, expect.stringMatching(/^Host EC2 \(instance i-\w+\) terminated\.$/)],
  ])('moves tasks when the group shrinks: managed draining %s', async (managedDraining, stoppedReason) => {
    const sandbox = await serving({ maximum: 3, managedDraining });
    sandbox.group('SetDesiredCapacity', { DesiredCapacity: 2 });
    await sandbox.until(() => sandbox.instances().length === 2);
    sandbox.group('SetDesiredCapacity', { DesiredCapacity: 1 });
    await sandbox.until(() => sandbox.tasks('STOPPED').length === 2 && sandbox.service().runningCount === 2);
    expect(sandbox.tasks('STOPPED').map((task) => task.stoppedReason)).toEqual([
      stoppedReason,
      stoppedReason,
    ]);
    await sandbox.until(
      () => sandbox.instances().length === 1 && sandbox.instances()[0]!.runningTasksCount === 2,
    );
    expect(sandbox.instances()).toMatchObject([{ status: 'ACTIVE', runningTasksCount: 2 }]);
  });

  test('replaces an instance that is gone', async () => {
    const sandbox = await serving({ maximum: 2 });
    sandbox.platform.terminate(sandbox.instances()[0]!.ec2InstanceId!);
    await sandbox.until(() => sandbox.instances().length === 0);
    await sandbox.until(() => sandbox.service().runningCount === 2);
    expect(sandbox.described().DesiredCapacity).toBe(1);
  });

  test('must be one of the cluster', async () => {
    const sandbox = await serving({ maximum: 2 });
    const unknown = {
      cluster: 'main',
      service: 'web',
      capacityProviderStrategy: [{ capacityProvider: 'spot' }],
    };
    expect(sandbox.refusal('UpdateService', unknown).message).toContain('not associated with the cluster');
  });
});
