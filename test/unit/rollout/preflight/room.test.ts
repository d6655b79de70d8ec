import { describe, expect, test } from '@jest/globals';
import type { ContainerInstance } from '@aws-sdk/client-ecs';
import { createFaults } from '../../../../sandbox/faults/faults.ts';
import { knowsOperation } from '../../../../sandbox/wire/wire.ts';
import { problemsOf } from '../../../../src/core/failure.ts';
import type { Notice } from '../../../../src/core/trail/event.ts';
import { checkRelease } from '../../../../src/rollout/preflight/preflight.ts';
import { rolloutRequest } from '../../../support/rollout-request.ts';
import {
  createSimulatedAws,
  type SimulatedAws,
  type SimulatedAwsOptions,
} from '../../../support/simulated-aws.ts';
import { placesOn } from '../../../../src/rollout/preflight/room/places.ts';
import { compareRoom, extraTasks } from '../../../../src/rollout/preflight/room/room.ts';
import { needOfTask, type TaskNeed } from '../../../../src/rollout/preflight/room/task-need.ts';

const NEED: TaskNeed = {
  cpu: 512,
  memory: 1024,
  gpus: 0,
  ports: [],
  attributes: [],
  constraints: [],
  networkInterface: false,
};

const resources = (units: number, mebibytes: number, used: string[]) => [
  { name: 'CPU', type: 'INTEGER', integerValue: units },
  { name: 'MEMORY', type: 'INTEGER', integerValue: mebibytes },
  { name: 'PORTS', type: 'STRINGSET', stringSetValue: ['22', ...used] },
];

function host(left: { cpu?: number; memory?: number; ports?: string[] } = {}): ContainerInstance {
  const { cpu = 2048, memory = 4096, ports = [] } = left;
  return {
    status: 'ACTIVE',
    agentConnected: true,
    remainingResources: resources(cpu, memory, ports),
    registeredResources: resources(2048, 4096, []),
    attributes: [
      { name: 'ecs.instance-type', value: 'c7g.large' },
      { name: 'ecs.capability.docker-remote-api.1.32' },
    ],
  };
}

const places = (hosts: ContainerInstance[], need: Partial<TaskNeed> = {}, distinct = false) =>
  placesOn(hosts, { ...NEED, ...need }, { wanted: 10, distinct });

describe('places for tasks', () => {
  test('are what CPU and memory leave, on each instance of its own', () => {
    expect(places([host()])).toBe(4);
    expect(places([host({ cpu: 600 }), host({ memory: 2100 })])).toBe(1 + 2);
    // Two halves of a task are no place.
    expect(places([host({ cpu: 300 }), host({ cpu: 300 })])).toBe(0);
  });
  test('are one for each instance with a fixed port or distinctInstance', () => {
    expect(places([host(), host()], { ports: ['8080'] })).toBe(2);
    expect(places([host(), host({ ports: ['8080'] })], { ports: ['8080'] })).toBe(1);
    expect(places([host(), host()], {}, true)).toBe(2);
  });
  test('are as many as there are network interfaces, for tasks that have one each', () => {
    const limited = { ...host(), interfaces: { free: 1, whenEmpty: 2 } };
    expect(places([limited, host()], { networkInterface: true })).toBe(1 + 4);
    expect(places([limited], {})).toBe(4);
  });
  test('are only on instances that ECS uses', () => {
    expect(places([{ ...host(), status: 'DRAINING' }])).toBe(0);
    expect(places([{ ...host(), agentConnected: false }])).toBe(0);
  });
  test('need the attributes of the task', () => {
    expect(places([host()], { attributes: [{ name: 'ecs.capability.gpu' }] })).toBe(0);
    expect(places([host()], { attributes: [{ name: 'ecs.instance-type', value: 'c7g.large' }] })).toBe(4);
    expect(places([host()], { gpus: 1 })).toBe(0);
  });
  test.each([
    ['attribute:ecs.instance-type == c7g.large', 4],
    ['attribute:ecs.instance-type != c7g.large', 0],
    ['attribute:ecs.instance-type in [c7g.large, c7g.xlarge]', 4],
    ['attribute:stack exists', 0],
    ['attribute:ecs.instance-type == c7g.large and attribute:stack exists', 0],
    // Not understood: no instance is excluded.
    ['agentVersion >= 1.50.0', 4],
    ['attribute:ecs.instance-type =~ c7g.*', 4],
  ])('are limited by %s', (expression, expected) => {
    expect(places([host()], { constraints: [expression] })).toBe(expected);
  });
});

test('a task needs what its definition reserves, or else the sum of its containers', () => {
  expect(needOfTask({ cpu: '256', memory: '512' })).toMatchObject({ cpu: 256, memory: 512 });
  const containerDefinitions = [
    { name: 'web', cpu: 100, memory: 300, memoryReservation: 200, portMappings: [{ hostPort: 8080 }] },
    { name: 'proxy', cpu: 50, memory: 64, portMappings: [{ hostPort: 0, containerPort: 9000 }] },
  ];
  expect(needOfTask({ containerDefinitions })).toMatchObject({ cpu: 150, memory: 264, ports: ['8080'] });
  expect(needOfTask({ containerDefinitions, networkMode: 'awsvpc' }).ports).toEqual([]);
});

test('every strategy but rolling starts all tasks again; rolling starts as many as its maximum allows', () => {
  expect(extraTasks('canary', 4, { maximumPercent: 100 })).toBe(4);
  expect(extraTasks('rolling', 4, { maximumPercent: 150 })).toBe(2);
  expect(extraTasks('rolling', 4, { maximumPercent: 100 })).toBe(0);
});

const compare = (
  hosts: ContainerInstance[],
  providers: Parameters<typeof compareRoom>[0]['providers'] = [],
) => compareRoom({ cluster: 'shop', hosts, providers }, NEED, { wanted: 6, distinct: false });

describe('the room of a cluster', () => {
  test('that is enough is not worth a word', () => {
    expect(compare([host(), host()])).toBeNull();
  });
  test('that is too little is told in numbers, with what helps', () => {
    expect(compare([host()])).toEqual({
      isShort: true,
      message:
        'cluster shop has room for 4 of the 6 tasks that this release starts beside the running ones (each 512 CPU units and 1024 MiB): ECS would wait for room until capacity-timeout. Add instances or raise the maximum of their Auto Scaling group, or let the tasks need less.',
    });
  });
  test('that can grow enough is told as a wait', () => {
    expect(compare([host()], [{ name: 'on-demand', more: 2, model: host({ cpu: 0 }) }])).toEqual({
      isShort: false,
      message: expect.stringContaining(
        'ECS waits until capacity provider on-demand (2 more at most) has added',
      ),
    });
  });
  test('that cannot grow enough is short', () => {
    const tiny = { ...host(), registeredResources: host({ cpu: 512 }).remainingResources! };
    expect(compare([host()], [{ name: 'on-demand', more: 1, model: tiny }])).toMatchObject({
      isShort: true,
    });
    expect(compare([host()], [{ name: 'on-demand', more: 0, model: host() }])).toMatchObject({
      isShort: true,
    });
  });
  test('that grows by instances nobody has seen is not known', () => {
    expect(compare([], [{ name: 'on-demand', more: 3, model: null }])).toBeNull();
  });
});

const SUBNET = 'subnet-a';
const small = { cpu: 2048, memory: 4096 };
interface Preparing {
  readonly onNoRoom?: 'warn' | 'fail';
  readonly prepare?: (platform: SimulatedAws['platform']) => void;
}

const check = async (
  options: Partial<SimulatedAwsOptions>,
  { onNoRoom = 'warn', prepare = () => {} }: Preparing = {},
) => {
  const aws = await createSimulatedAws({ versions: {}, ...options });
  prepare(aws.platform);
  const told: string[] = [];
  const request = { service: 'web', cluster: 'shop', rollout: rolloutRequest({ onNoRoom }) };
  const ports = {
    clock: aws.clock,
    tell: ({ level, message }: Notice) => told.push(`${level}: ${message}`),
  };
  const refused = await aws
    .until(checkRelease(request, aws.clients, ports))
    .then(() => null)
    .catch((error: unknown) => problemsOf(error).join(' '));
  await aws.close();
  return { told: told.filter((line) => /room|beside the running/.test(line)), refused };
};

/** Two tasks of a quarter of a vCPU run. */
const vCpus = (quota: number) => (platform: SimulatedAws['platform']) =>
  platform.setFargate({ vCpus: quota });
const subnet = (freeAddresses: number) => (platform: SimulatedAws['platform']) =>
  platform.setSubnet(SUBNET, { freeAddresses });

describe('before the build', () => {
  test('a cluster of instances with room, and Fargate, are not mentioned', async () => {
    expect(await check({ instances: [small, small] })).toEqual({ told: [], refused: null });
    expect(await check({})).toEqual({ told: [], refused: null });
  });
  test('a full cluster is a warning, or with on-no-room an error', async () => {
    const full = { instances: [{ cpu: 512, memory: 1024 }], desiredCount: 2 };
    const warned = await check(full);
    expect(warned.refused).toBeNull();
    expect(warned.told).toEqual([
      expect.stringMatching(/^warning: cluster shop has room for \d of the 2 tasks/),
    ]);
    expect((await check(full, { onNoRoom: 'fail' })).refused).toMatch(
      /^on-no-room is fail: cluster shop has room for/,
    );
  });
  test('the network interfaces of instances without trunking are room, too', async () => {
    // A t3.medium has two for tasks.
    const limited = { cpu: 8192, memory: 16_384, networkInterfaces: 2 };
    const awsvpc = { task: { networkMode: 'awsvpc' as const }, desiredCount: 2 };
    expect(await check({ ...awsvpc, instances: [limited, limited] })).toEqual({ told: [], refused: null });
    const warned = await check({ ...awsvpc, instances: [limited] });
    expect(warned.told).toEqual([
      expect.stringMatching(/^warning: cluster shop has room for 0 of the 2 tasks/),
    ]);
    const bridge = { task: { networkMode: 'bridge' as const }, desiredCount: 2 };
    expect((await check({ ...bridge, instances: [limited] })).told).toEqual([]);
    const faults = createFaults(knowsOperation);
    faults.add([
      { service: 'ec2', operation: 'DescribeInstanceTypes', error: 'UnauthorizedOperation', status: 403 },
    ]);
    const unread = await check({ ...awsvpc, instances: [limited], faults });
    expect(unread.told).toEqual([
      expect.stringMatching(/^notice: Whether .* not fully checked: .*ec2:DescribeInstanceTypes/),
    ]);
  });
  test('a role that may not read the instances is told once, and goes on', async () => {
    const faults = createFaults(knowsOperation);
    faults.add([
      { service: 'ecs', operation: 'ListContainerInstances', error: 'AccessDeniedException', status: 400 },
    ]);
    const checked = await check({ instances: [small, small], faults });
    expect(checked.refused).toBeNull();
    expect(checked.told).toEqual([
      expect.stringMatching(
        /^notice: Whether there is room .* not fully checked: .*AWS denied ecs:ListContainerInstances/,
      ),
    ]);
  });

  test('a Fargate quota without room for the new tasks is a warning, or with on-no-room an error', async () => {
    expect(await check({}, { prepare: vCpus(1) })).toEqual({ told: [], refused: null });
    const warned = await check({}, { prepare: vCpus(0.75) });
    expect(warned.refused).toBeNull();
    expect(warned.told).toEqual([
      expect.stringMatching(
        /^warning: the 2 tasks .* need 0.5 vCPUs of Fargate, and 0.25 are left: 0.5 of 0.75 vCPUs in use \(quota L-3032A538\)/,
      ),
    ]);
    const refused = await check({}, { prepare: vCpus(0.75), onNoRoom: 'fail' });
    expect(refused.refused).toMatch(/^on-no-room is fail: the 2 tasks/);
  });
  test('the quota is that of the capacity provider', async () => {
    const onSpot = { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }] };
    const spot = await check(onSpot, { prepare: vCpus(0.75) });
    expect(spot.told).toEqual([expect.stringContaining('0.5 of 0.75 vCPUs in use (quota L-36FBB829)')]);
    // The tasks run on one of two providers, and there is room for them on the other one.
    const both = {
      capacityProviderStrategy: [
        { capacityProvider: 'FARGATE', weight: 0, base: 2 },
        { capacityProvider: 'FARGATE_SPOT', weight: 1 },
      ],
    };
    expect((await check(both, { prepare: vCpus(0.75) })).told).toEqual([]);
  });

  test('subnets without addresses for the new tasks are a warning, or with on-no-room an error', async () => {
    expect(await check({}, { prepare: subnet(2) })).toEqual({ told: [], refused: null });
    const warned = await check({}, { prepare: subnet(1) });
    expect(warned.refused).toBeNull();
    expect(warned.told).toEqual([
      expect.stringContaining(`the subnets of the service have 1 free address for the 2 tasks`),
    ]);
    const refused = await check({}, { prepare: subnet(1), onNoRoom: 'fail' });
    expect(refused.refused).toMatch(/^on-no-room is fail: the subnets/);
  });
  test('what a role may not read about Fargate and subnets is told once', async () => {
    const faults = createFaults(knowsOperation);
    faults.add([
      {
        service: 'service-quotas',
        operation: 'GetServiceQuota',
        error: 'AccessDeniedException',
        status: 400,
      },
      { service: 'ec2', operation: 'DescribeSubnets', error: 'UnauthorizedOperation', status: 403 },
    ]);
    const checked = await check({ faults }, { onNoRoom: 'fail' });
    expect(checked.refused).toBeNull();
    expect(checked.told).toEqual([
      expect.stringMatching(
        /^notice: Whether .* not fully checked: .*ec2:DescribeSubnets.*servicequotas:GetServiceQuota/,
      ),
    ]);
  });
});
