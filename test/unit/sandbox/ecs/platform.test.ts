import { describe, expect, test } from '@jest/globals';
import type { CreateServiceRequest, DeploymentConfiguration, Task } from '@aws-sdk/client-ecs';
import { MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import { createStage, paused } from './support.ts';

/** A service with two tasks, one on each of two instances, and room for two more. */
async function serving(
  configuration: DeploymentConfiguration = {},
  more: Partial<CreateServiceRequest> = {},
) {
  const sandbox = createStage();
  const ids = ['i-1', 'i-2'].map((ec2InstanceId) =>
    sandbox.platform.addInstance({ cluster: 'main', cpu: 1024, memory: 128, ec2InstanceId }),
  );
  await sandbox.serving(configuration, { launchType: 'EC2', ...more });
  return {
    ...sandbox,
    ids,
    hostOf: ({ containerInstanceArn }: Task) =>
      sandbox.call('DescribeContainerInstances', {
        cluster: 'main',
        containerInstances: [containerInstanceArn],
      }).containerInstances[0]?.ec2InstanceId,
  };
}

type Serving = Awaited<ReturnType<typeof serving>>;

const ends = (sandbox: Pick<Serving, 'tasks'>) =>
  sandbox.tasks('STOPPED').map(({ stopCode, stoppedReason }) => [stopCode, stoppedReason]);
const steady = (sandbox: Pick<Serving, 'events'>) => sandbox.events()[0]!.includes('steady state');
/** Healthy targets of both groups. */
const healthy = ({ balancer }: Pick<Serving, 'balancer'>) =>
  [...balancer.groups.values()]
    .flatMap((group) => [...group.values()])
    .filter(({ state }) => state === 'healthy').length;

/** The lowest number of healthy targets until the service is steady on the other instance. */
async function lowestUntilMoved(sandbox: Serving): Promise<number> {
  let lowest = Infinity;
  await sandbox.until(() => {
    lowest = Math.min(lowest, healthy(sandbox));
    return sandbox.tasks().every((task) => sandbox.hostOf(task) === 'i-2') && steady(sandbox);
  });
  return lowest;
}

const DRAINED = ['ServiceSchedulerInitiated', 'Service web: container instance is in DRAINING state'];

describe('draining an instance', () => {
  test('starts a replacement before it stops a task', async () => {
    const sandbox = await serving();
    sandbox.call('UpdateContainerInstancesState', {
      cluster: 'main',
      containerInstances: sandbox
        .tasks()
        .filter((task) => sandbox.hostOf(task) === 'i-1')
        .map(({ containerInstanceArn }) => containerInstanceArn),
      status: 'DRAINING',
    });
    expect(await lowestUntilMoved(sandbox)).toBe(2);
    expect(ends(sandbox)).toEqual([DRAINED]);
    expect(sandbox.service().deployments).toMatchObject([{ failedTasks: 0 }]);
  });

  test('stops a task first if only the minimum of healthy tasks allows that', async () => {
    const sandbox = await serving({ minimumHealthyPercent: 50, maximumPercent: 100 });
    sandbox.platform.drain('i-1');
    expect(await lowestUntilMoved(sandbox)).toBe(1);
    expect(ends(sandbox)).toEqual([DRAINED]);
  });

  test('waits while there is no room for the replacement', async () => {
    const sandbox = await serving();
    sandbox.platform.addInstance({ cluster: 'main', cpu: 1024, memory: 64, ec2InstanceId: 'i-3' });
    sandbox.platform.drain('i-1', 'i-2');
    await sandbox.clock.advance(5 * MINUTE);
    expect(sandbox.service().runningCount).toBe(2);
    expect(ends(sandbox)).toEqual([DRAINED]);
    expect(sandbox.events().join('\n')).toContain('has insufficient memory available.');
    expect(sandbox.tasks().filter((task) => sandbox.hostOf(task) === 'i-3')).toHaveLength(1);
  });

  test('moves tasks of both revisions during a deployment, and the deployment goes on', async () => {
    const sandbox = await serving({ ...paused(50), lifecycleHooks: [] });
    sandbox.call('UpdateService', { cluster: 'main', service: 'web', deploymentConfiguration: paused(50) });
    sandbox.platform.addInstance({ cluster: 'main', cpu: 1024, memory: 512, ec2InstanceId: 'i-3' });
    sandbox.deploy(sandbox.register());
    await sandbox.until(() => sandbox.pause() !== null);
    sandbox.platform.drain('i-1', 'i-2');
    await sandbox.until(
      () => healthy(sandbox) === 4 && sandbox.tasks().every((task) => sandbox.hostOf(task) === 'i-3'),
    );
    expect(new Set(sandbox.tasks().map(({ taskDefinitionArn }) => taskDefinitionArn)).size).toBe(2);
    while (sandbox.deployment().status === 'IN_PROGRESS') {
      if (sandbox.pause()) sandbox.answer('CONTINUE');
      await sandbox.clock.advance(SECOND);
    }
    expect(sandbox.deployment().status).toBe('SUCCESSFUL');
  });
});

describe('the end of an instance', () => {
  test('takes its tasks at once, and ECS starts them elsewhere', async () => {
    const sandbox = await serving();
    const task = sandbox.tasks().find((candidate) => sandbox.hostOf(candidate) === 'i-1')!;
    sandbox.platform.terminate('i-1', { noticedAfter: 20 * SECOND });
    expect(sandbox.runner.running.has(task.taskArn!)).toBe(false);
    await sandbox.clock.advance(19 * SECOND);
    expect(sandbox.tasks()).toContainEqual(
      expect.objectContaining({ taskArn: task.taskArn, lastStatus: 'RUNNING' }),
    );
    await sandbox.until(() => ends(sandbox).length === 1 && healthy(sandbox) === 2);
    expect(ends(sandbox)).toEqual([['TerminationNotice', 'Host EC2 (instance i-1) terminated.']]);
    expect(sandbox.tasks().map((running) => sandbox.hostOf(running))).toEqual(['i-2', 'i-2']);
    expect(sandbox.service().deployments).toMatchObject([{ failedTasks: 0 }]);
  });

  test('of a Spot instance comes two minutes after the notice, which drains it', async () => {
    const sandbox = await serving();
    sandbox.platform.interruptSpotInstance('i-1');
    expect(await lowestUntilMoved(sandbox)).toBe(2);
    expect(ends(sandbox)).toEqual([DRAINED]);
    await sandbox.clock.advance(3 * MINUTE);
    expect(sandbox.call('ListContainerInstances', { cluster: 'main' }).containerInstanceArns).toHaveLength(1);
  });
});

const onFargate = async () => {
  const sandbox = createStage();
  sandbox.register('serves', { cpu: '256', memory: '512', requiresCompatibilities: ['FARGATE'] });
  await sandbox.serving({}, { taskDefinition: 'web:2', launchType: 'FARGATE' });
  return { ...sandbox, first: sandbox.tasks()[0]!.taskArn! };
};

describe('tasks on Fargate', () => {
  test.each(['SpotInterruption', 'TerminationNotice'] as const)(
    'of Fargate Spot are taken back (%s)',
    async (code) => {
      const sandbox = await onFargate();
      sandbox.platform.interruptSpotTasks([sandbox.first], code);
      expect(healthy(sandbox)).toBe(2);
      await sandbox.until(() => sandbox.tasks('STOPPED').some(({ lastStatus }) => lastStatus === 'STOPPED'));
      expect(ends(sandbox)).toEqual([[code, 'Your Spot Task was interrupted.']]);
      await sandbox.until(() => steady(sandbox));
      expect(sandbox.service().deployments).toMatchObject([{ failedTasks: 0 }]);
    },
  );

  test('are replaced when they are retired', async () => {
    const sandbox = await onFargate();
    sandbox.platform.retire([sandbox.first]);
    await sandbox.until(() => sandbox.tasks('STOPPED').length === 1);
    expect(healthy(sandbox)).toBe(3);
    expect(ends(sandbox)).toEqual([
      [
        'ServiceSchedulerInitiated',
        'Service web: ECS is performing maintenance on the underlying infrastructure hosting the task',
      ],
    ]);
  });

  test('are moved to another Availability Zone', async () => {
    const sandbox = await onFargate();
    sandbox.platform.rebalance([sandbox.first]);
    await sandbox.until(() => sandbox.tasks('STOPPED').length === 1);
    expect(sandbox.events().join('\n')).toMatch(
      /\(service web\) has stopped 1 running tasks in eu-west-1a due to AZ rebalancing: \(task /,
    );
  });

  test('are stopped when their host is impaired', async () => {
    const sandbox = await onFargate();
    sandbox.platform.impair([sandbox.first]);
    expect(ends(sandbox)[0]![0]).toBe('InfrastructureHealth');
    await sandbox.until(() => sandbox.tasks().length === 2);
  });
});
