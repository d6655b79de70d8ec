import { describe, expect, test } from '@jest/globals';
import type { ContainerInstance, CreateServiceRequest } from '@aws-sdk/client-ecs';
import { HOUR, MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import type { InstanceSpec } from '../../../../sandbox/ecs/instances.ts';
import { parseQuery, QueryMistake, type QuerySubject } from '../../../../sandbox/ecs/cluster-query.ts';
import { createStage } from './support.ts';

const SIZE = { cpu: '512', memory: '1024' } as const;
const TROUBLESHOOTING =
  'For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.';

/** A cluster with these instances, and a task definition of 512 CPU units and 1024 MiB. */
function clusterOf(...instances: Partial<InstanceSpec>[]) {
  const sandbox = createStage();
  sandbox.register('serves', SIZE);
  const ids = instances.map((instance) =>
    sandbox.platform.addInstance({ cluster: 'main', cpu: 2048, memory: 4096, ...instance }),
  );
  const described = (): ContainerInstance[] => {
    const { containerInstanceArns } = sandbox.call('ListContainerInstances', { cluster: 'main' });
    return sandbox.call('DescribeContainerInstances', {
      cluster: 'main',
      containerInstances: containerInstanceArns,
    }).containerInstances;
  };
  return {
    ...sandbox,
    ids,
    described,
    run: (more: Partial<CreateServiceRequest> = {}) =>
      sandbox.createService({}, { taskDefinition: 'web:2', launchType: 'EC2', ...more }),
    /** EC2 instance ids of the service's tasks, sorted. */
    hosts: () =>
      sorted(
        ...sandbox
          .tasks()
          .map(
            ({ containerInstanceArn }) =>
              described().find((instance) => instance.containerInstanceArn === containerInstanceArn)
                ?.ec2InstanceId,
          ),
      ),
    closest: () => described()[0]!.containerInstanceArn!.split('/').at(-1),
  };
}

const sorted = (...ids: (string | undefined)[]) => ids.map(String).toSorted((a, b) => a.localeCompare(b));

const noRoom = (id: string | undefined, why: string) =>
  `(service web) was unable to place a task because no container instance met all of its requirements. ` +
  `The closest matching (container-instance ${id}) ${why} ${TROUBLESHOOTING}`;

const constrained = (expression: string) => [{ type: 'memberOf' as const, expression }];

const onFargate = () => {
  const sandbox = createStage();
  sandbox.register('serves', { ...SIZE, requiresCompatibilities: ['FARGATE'] });
  const run = () => sandbox.createService({}, { taskDefinition: 'web:2', launchType: 'FARGATE' });
  return { ...sandbox, run };
};

const stopped = (sandbox: ReturnType<typeof onFargate>) =>
  sandbox.tasks('STOPPED').map(({ stopCode, stoppedReason }) => ({ stopCode, stoppedReason }));

describe('a task on container instances', () => {
  test('reserves its CPU units, memory and ports until it is stopped', async () => {
    const cluster = clusterOf({ ec2InstanceId: 'i-1' });
    cluster.run({ desiredCount: 1 });
    await cluster.until(() => cluster.deployment().status === 'SUCCESSFUL');
    const [instance] = cluster.described();
    expect(instance).toMatchObject({
      ec2InstanceId: 'i-1',
      status: 'ACTIVE',
      agentConnected: true,
      runningTasksCount: 1,
      registeredResources: [
        { name: 'CPU', integerValue: 2048 },
        { name: 'MEMORY', integerValue: 4096 },
        { name: 'PORTS' },
        {},
      ],
      remainingResources: [
        { name: 'CPU', integerValue: 1536 },
        { name: 'MEMORY', integerValue: 3072 },
        { name: 'PORTS' },
        {},
      ],
    });
    expect(cluster.tasks()[0]).toMatchObject({
      launchType: 'EC2',
      containerInstanceArn: instance!.containerInstanceArn,
      availabilityZone: 'eu-west-1a',
    });
    cluster.call('UpdateService', { cluster: 'main', service: 'web', desiredCount: 0 });
    await cluster.until(() => cluster.described()[0]!.remainingResources![0]!.integerValue === 2048);
  });

  test.each([
    ['CPU units', { cpu: 500 }, 'has insufficient CPU units available.'],
    ['memory', { memory: 1000 }, 'has insufficient memory available.'],
    ['network interfaces', { networkInterfaces: 0 }, 'encountered error "RESOURCE:ENI".'],
    ['a connected agent', { agentConnected: false }, 'encountered error "AGENT".'],
  ])('waits for %s, and the deployment with it', async (_, instance, why) => {
    const cluster = clusterOf(instance);
    cluster.run();
    await cluster.clock.advance(30 * MINUTE);
    expect(cluster.events()).toEqual([noRoom(cluster.closest(), why)]);
    expect(cluster.service()).toMatchObject({ desiredCount: 2, runningCount: 0, pendingCount: 0 });
    expect(cluster.deployment().status).toBe('IN_PROGRESS');

    cluster.platform.addInstance({ cluster: 'main', cpu: 2048, memory: 4096 });
    await cluster.until(() => cluster.deployment().status === 'SUCCESSFUL');
  });

  test('is not placed in a cluster without instances', async () => {
    const cluster = clusterOf();
    cluster.platform.limit('main');
    cluster.run();
    await cluster.clock.advance(MINUTE);
    expect(cluster.events()).toEqual([
      '(service web) was unable to place a task because no container instance met all of its requirements. ' +
        `Reason: No Container Instances were found in your cluster. ${TROUBLESHOOTING}`,
    ]);
  });

  test('is started as far as there is room', async () => {
    const cluster = clusterOf({ cpu: 1100 });
    cluster.run({ desiredCount: 3 });
    await cluster.clock.advance(MINUTE);
    expect(cluster.service()).toMatchObject({ runningCount: 2, pendingCount: 0 });
    expect(cluster.events()).toContain(noRoom(cluster.closest(), 'has insufficient CPU units available.'));
  });

  test('is reported as not placed once in six hours, and again after a new cause', async () => {
    const cluster = clusterOf({ cpu: 0 });
    cluster.run();
    await cluster.clock.advance(5 * HOUR);
    expect(cluster.events()).toHaveLength(1);
    await cluster.clock.advance(2 * HOUR);
    expect(cluster.events()).toHaveLength(2);
    expect(new Set(cluster.events()).size).toBe(1);
    cluster.platform.setAgent(cluster.described()[0]!.ec2InstanceId!, false);
    await cluster.clock.advance(MINUTE);
    expect(cluster.events()[0]).toContain('encountered error "AGENT".');
  });

  test('shares no fixed host port with another task of the instance', async () => {
    const cluster = clusterOf({});
    cluster.call('RegisterTaskDefinition', {
      family: 'fixed',
      networkMode: 'bridge',
      containerDefinitions: [
        { name: 'app', image: 'app', memory: 64, portMappings: [{ containerPort: 80, hostPort: 80 }] },
      ],
    });
    const run = () => cluster.call('RunTask', { cluster: 'main', taskDefinition: 'fixed' });
    expect(run().failures).toEqual([]);
    expect(run()).toMatchObject({
      tasks: [],
      failures: [{ arn: cluster.described()[0]!.containerInstanceArn, reason: 'RESOURCE:PORTS' }],
    });
  });
});

describe('placement constraints', () => {
  test('distinctInstance: one task of the service for each instance', async () => {
    const cluster = clusterOf({}, {});
    cluster.run({ desiredCount: 3, placementConstraints: [{ type: 'distinctInstance' }] });
    await cluster.clock.advance(MINUTE);
    expect(cluster.hosts()).toEqual(sorted(...cluster.ids));
    expect(cluster.events().join()).toContain(
      'encountered error "DistinctInstance placement constraint unsatisfied.".',
    );
  });

  test('memberOf: of the service and of the task definition', async () => {
    const cluster = clusterOf(
      { instanceType: 'c5.large', attributes: { tier: 'web' } },
      { instanceType: 't3.large', attributes: { tier: 'web' } },
      { instanceType: 't3.large', attributes: { tier: 'jobs' } },
    );
    cluster.register('serves', {
      ...SIZE,
      placementConstraints: constrained('attribute:ecs.instance-type =~ t3.*'),
    });
    cluster.run({ taskDefinition: 'web:3', placementConstraints: constrained('attribute:tier == web') });
    await cluster.clock.advance(MINUTE);
    expect(cluster.hosts()).toEqual([cluster.ids[1], cluster.ids[1]]);
  });
});

describe('placement strategies', () => {
  const zones = [
    { availabilityZone: 'eu-west-1a' },
    { availabilityZone: 'eu-west-1a' },
    { availabilityZone: 'eu-west-1b' },
  ];

  test('by default, tasks are spread over Availability Zones, then instances', async () => {
    const cluster = clusterOf(...zones);
    cluster.run({ desiredCount: 4 });
    await cluster.clock.advance(MINUTE);
    const [first, second, third] = cluster.ids;
    expect(cluster.hosts()).toEqual(sorted(first, second, third, third));
  });

  test('binpack: on as few instances as possible', async () => {
    const cluster = clusterOf({}, { memory: 3000 }, {});
    cluster.run({ desiredCount: 3, placementStrategy: [{ type: 'binpack', field: 'memory' }] });
    await cluster.clock.advance(MINUTE);
    const [first, second] = cluster.ids;
    expect(cluster.hosts()).toEqual(sorted(first, second, second));
  });

  test('random: anywhere', async () => {
    const cluster = clusterOf({}, {}, {});
    cluster.run({ desiredCount: 12, placementStrategy: [{ type: 'random' }] });
    await cluster.clock.advance(MINUTE);
    expect(new Set(cluster.hosts()).size).toBeGreaterThan(1);
  });
});

describe('a task on Fargate', () => {
  test('waits for the quota of vCPUs', async () => {
    const sandbox = onFargate();
    sandbox.platform.setFargate({ vCpus: 0.75 });
    sandbox.run();
    await sandbox.clock.advance(5 * MINUTE);
    expect(sandbox.service()).toMatchObject({ runningCount: 1, pendingCount: 0 });
    expect(sandbox.events()).toContain(
      "(service web) was unable to place a task. Reason: You've reached the limit on the number of vCPUs you can run concurrently",
    );
    sandbox.platform.setFargate({ vCpus: 1 });
    await sandbox.until(() => sandbox.deployment().status === 'SUCCESSFUL');
  });

  test('waits for capacity of AWS', async () => {
    const sandbox = onFargate();
    sandbox.platform.setFargate({ available: false });
    sandbox.run();
    await sandbox.clock.advance(5 * MINUTE);
    expect(sandbox.events()).toEqual([
      '(service web) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.',
    ]);
    expect(sandbox.tasks('STOPPED')).toEqual([]);
    sandbox.platform.setFargate({ available: true });
    await sandbox.until(() => sandbox.deployment().status === 'SUCCESSFUL');
  });

  test('fails to start without capacity of AWS', async () => {
    const sandbox = onFargate();
    sandbox.platform.setFargate({ available: false, unavailableAt: 'start' });
    sandbox.run();
    await sandbox.until(() => sandbox.tasks('STOPPED').length > 0);
    expect(stopped(sandbox)[0]).toEqual({
      stopCode: 'TaskFailedToStart',
      stoppedReason:
        'Capacity is unavailable at this time. Please try again later or in a different availability zone.',
    });
  });

  test.each([
    [
      'refused' as const,
      "Unexpected EC2 error while attempting to Create Network Interface with public IP assignment disabled in subnet 'subnet-1': InsufficientFreeAddressesInSubnet",
    ],
    ['times out' as const, 'Timeout waiting for network interface provisioning to complete.'],
  ])('fails to start without an address in its subnet: %s', async (shortage, stoppedReason) => {
    const sandbox = onFargate();
    sandbox.platform.setSubnet('subnet-1', { freeAddresses: 1, shortage });
    sandbox.run();
    await sandbox.until(() => sandbox.tasks('STOPPED').length > 0);
    expect(stopped(sandbox)[0]).toEqual({ stopCode: 'TaskFailedToStart', stoppedReason });
    await sandbox.clock.advance(30 * SECOND);
    expect(sandbox.service().runningCount).toBe(1);
    sandbox.platform.setSubnet('subnet-1', { freeAddresses: 5 });
    await sandbox.until(() => sandbox.deployment().status === 'SUCCESSFUL');
  });
});

describe('the cluster query language', () => {
  const ATTRIBUTES: Readonly<Record<string, string | null>> = {
    'ecs.instance-type': 't3.large',
    rack: '12',
    gpu: null,
  };
  const subject: QuerySubject = {
    attribute: (name) => ATTRIBUTES[name],
    fields: { agentConnected: 'true', ec2InstanceId: 'i-1', runningTasksCount: '10' },
    taskGroups: ['service:web'],
  };

  test.each([
    ['attribute:ecs.instance-type == t3.large', true],
    ['attribute:ecs.instance-type != t3.large', false],
    ['attribute:ecs.instance-type =~ t3.*', true],
    ['attribute:ecs.instance-type !~ t3', true],
    ['attribute:ecs.instance-type in [t2.small, t3.large]', true],
    ['attribute:ecs.instance-type not_in [t2.small]', true],
    ['attribute:gpu exists', true],
    ['attribute:gpu', true],
    ['attribute:disk !exists', true],
    ['attribute:disk == ssd', false],
    ['attribute:rack > 9', true],
    ['runningTasksCount <= 9', false],
    ['agentConnected == true and ec2InstanceId in [i-1,i-2]', true],
    ['not(task:group == service:web)', false],
    ['attribute:rack == 1 or (attribute:gpu exists and task:group equals service:web)', true],
  ])('%s is %s', (expression, holds) => {
    expect(parseQuery(expression)(subject)).toBe(holds);
  });

  test.each(['', 'attribute:rack ==', 'attribute:rack in 12', '(attribute:rack == 12', 'a == b c'])(
    'refuses %j',
    (expression) => {
      expect(() => parseQuery(expression)(subject)).toThrow(QueryMistake);
    },
  );
});
