import { describe, expect, test } from '@jest/globals';
import { createStage } from './support.ts';

const container = { name: 'app', image: 'app:1', memory: 64 };

const containing = (change: object) => ({ containerDefinitions: [{ ...container, ...change }] });
const onFargate = (change: object) => ({
  requiresCompatibilities: ['FARGATE'],
  networkMode: 'awsvpc',
  cpu: '256',
  memory: '512',
  ...containing(change),
});

describe('a task definition', () => {
  test('is shown with what AWS adds', () => {
    const sandbox = createStage();
    sandbox.call('RegisterTaskDefinition', {
      family: 'api',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '.25 vCPU',
      memory: '0.5 GB',
      containerDefinitions: [{ ...container, portMappings: [{ containerPort: 80 }] }],
      tags: [{ key: 'team', value: 'shop' }],
    });
    const { taskDefinition, tags } = sandbox.call('DescribeTaskDefinition', {
      taskDefinition: 'api',
      include: ['TAGS'],
    });
    expect(taskDefinition).toMatchObject({
      taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/api:1',
      revision: 1,
      status: 'ACTIVE',
      cpu: '256',
      memory: '512',
      compatibilities: ['EC2', 'FARGATE'],
      registeredAt: new Date(sandbox.clock.now()),
      containerDefinitions: [
        {
          cpu: 0,
          essential: true,
          environment: [],
          mountPoints: [],
          volumesFrom: [],
          portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }],
        },
      ],
    });
    expect(taskDefinition.requiresAttributes).toContainEqual({ name: 'ecs.capability.task-eni' });
    expect(taskDefinition).not.toHaveProperty('tags');
    expect(tags).toEqual([{ key: 'team', value: 'shop' }]);
  });

  test('is found by its family as the latest that is active', () => {
    const sandbox = createStage();
    for (const image of ['app:1', 'app:2', 'app:3']) {
      sandbox.call('RegisterTaskDefinition', {
        family: 'api',
        containerDefinitions: [{ ...container, image }],
      });
    }
    sandbox.call('DeregisterTaskDefinition', { taskDefinition: 'api:3' });
    expect(sandbox.call('DescribeTaskDefinition', { taskDefinition: 'api' }).taskDefinition.revision).toBe(2);
    expect(sandbox.call('DescribeTaskDefinition', { taskDefinition: 'api:3' }).taskDefinition.status).toBe(
      'INACTIVE',
    );
    expect(
      sandbox.call('ListTaskDefinitions', { familyPrefix: 'api', sort: 'DESC' }).taskDefinitionArns,
    ).toEqual([expect.stringMatching(/api:2$/), expect.stringMatching(/api:1$/)]);
    expect(sandbox.call('ListTaskDefinitionFamilies', {}).families).toEqual(['api', 'web']);
    expect(
      sandbox.refusal('CreateService', { cluster: 'main', serviceName: 'x', taskDefinition: 'api:3' }),
    ).toEqual({
      code: 'ClientException',
      message: 'TaskDefinition is inactive',
    });
  });

  test.each([
    ['api', 'Revision is missing.'],
    ['api:one', 'Invalid revision number. Number: one'],
    ['api:7', 'Unable to describe task definition.'],
  ])('cannot be deregistered as %j', (taskDefinition, message) => {
    expect(createStage().refusal('DeregisterTaskDefinition', { taskDefinition })).toEqual({
      code: 'ClientException',
      message,
    });
  });

  test('is deleted only after it was deregistered', () => {
    const sandbox = createStage();
    const reasonOf = (name: string) =>
      sandbox.call('DeleteTaskDefinitions', { taskDefinitions: [name] }).failures[0].reason;
    expect(reasonOf('web:1')).toMatch(/still in ACTIVE status/);
    expect(reasonOf('web:7')).toMatch(/does not exist/);
    expect(reasonOf('web')).toMatch(/identifier is invalid/);
  });

  test('never gets a number twice', () => {
    const sandbox = createStage();
    const register = () =>
      sandbox.call('RegisterTaskDefinition', { family: 'api', containerDefinitions: [container] })
        .taskDefinition;
    register();
    sandbox.call('DeregisterTaskDefinition', { taskDefinition: 'api:1' });
    sandbox.call('DeleteTaskDefinitions', { taskDefinitions: ['api:1'] });
    expect(register().revision).toBe(2);
  });

  test.each([
    ['no containers', { containerDefinitions: [] }, /Container list cannot be empty/],
    [
      'no memory anywhere',
      { containerDefinitions: [{ name: 'app', image: 'app' }] },
      /At least one of 'memory'/,
    ],
    ['no image', { containerDefinitions: [{ name: 'app', memory: 64 }] }, /Container.image/],
    [
      'a name with a space',
      { containerDefinitions: [{ ...container, name: 'my app' }] },
      /invalid characters/,
    ],
    [
      'two containers of one name',
      { containerDefinitions: [container, container] },
      /more than one container/,
    ],
    ['nothing essential', { containerDefinitions: [{ ...container, essential: false }] }, /essential/],
    ['Fargate in bridge mode', { requiresCompatibilities: ['FARGATE'] }, /awsvpc/],
    [
      'a size that Fargate does not have',
      { requiresCompatibilities: ['FARGATE'], networkMode: 'awsvpc', cpu: '256', memory: '4096' },
      /No Fargate configuration exists for given values/,
    ],
    [
      'a host port of its own under awsvpc',
      {
        networkMode: 'awsvpc',
        containerDefinitions: [{ ...container, portMappings: [{ containerPort: 80, hostPort: 8080 }] }],
      },
      /must match/,
    ],
    ['a dependency that does not exist', containing({ dependsOn: [{ containerName: 'db' }] }), /'db'/],
    ['a volume that does not exist', containing({ mountPoints: [{ sourceVolume: 'data' }] }), /'data'/],
    [
      'two ports of one name',
      containing({
        portMappings: [
          { name: 'http', containerPort: 80 },
          { name: 'http', containerPort: 81 },
        ],
      }),
      /'http' is used more than once/,
    ],
    [
      'a health check every four seconds',
      containing({ healthCheck: { command: ['CMD', 'true'], interval: 4 } }),
      /interval of container 'app' must be between 5 and 300/,
    ],
    ['little ephemeral storage', { ephemeralStorage: { sizeInGiB: 20 } }, /between 21 and 200/],
    ['more CPU than the task has', { cpu: '256', ...containing({ cpu: 512 }) }, /more than the 256/],
    [
      'more memory than the task has',
      { memory: '512', ...containing({ memory: 1024, memoryReservation: 513 }) },
      /more than the 512/,
    ],
    ['a privileged container on Fargate', onFargate({ privileged: true }), /privileged/],
    ['a long stopTimeout on Fargate', onFargate({ stopTimeout: 121 }), /at most 120/],
    ['pidMode host on Fargate', { ...onFargate({}), pidMode: 'host' }, /pidMode/],
    [
      'awslogs without an execution role on Fargate',
      onFargate({ logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-stream-prefix': 'web' } } }),
      /execution role/,
    ],
    [
      'awslogs without a stream prefix on Fargate',
      {
        ...onFargate({ logConfiguration: { logDriver: 'awslogs', options: {} } }),
        executionRoleArn: 'arn:aws:iam::123456789012:role/tasks',
      },
      /awslogs-stream-prefix/,
    ],
  ])('is refused with %s', (_, change, message) => {
    const sandbox = createStage();
    const input = { family: 'api', containerDefinitions: [container], ...change };
    expect(sandbox.refusal('RegisterTaskDefinition', input)).toEqual({
      code: 'ClientException',
      message: expect.stringMatching(message),
    });
  });
});
