import { describe, expect, test } from '@jest/globals';
import { createCloudWatchLogs } from '../../../../sandbox/cloudwatch-logs/cloudwatch-logs.ts';
import { createRepositories } from '../../../../sandbox/ecr/repositories.ts';
import { repositoryOperations } from '../../../../sandbox/ecr/repository-operations.ts';
import { createImageIndex } from '../../../../sandbox/registry/image-index.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';
import { cloudWatchAtNoon } from '../cloudwatch/support.ts';
import { createStage } from '../ecs/support.ts';
import { elbv2 } from '../elbv2/support.ts';

const place = { account: '123456789012', region: 'eu-west-1' };
const upper = (tags: Record<string, string>) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const lower = (tags: Record<string, string>) => Object.entries(tags).map(([key, value]) => ({ key, value }));
const many = (count: number, prefix = 'key') =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, '']));

type Tags = Record<string, string>;

interface Tagged {
  readonly create: (tags: Tags) => Promise<unknown>;
  readonly add?: (tags: Tags) => Promise<unknown>;
}

/** A resource of each service: `create` makes it with tags, and `add` adds some to it. */
const services: Record<string, () => Tagged> = {
  ECS() {
    const { call } = createStage();
    const resourceArn = 'arn:aws:ecs:eu-west-1:123456789012:cluster/tagged';
    return {
      create: async (tags) => call('CreateCluster', { clusterName: 'tagged', tags: lower(tags) }),
      add: async (tags) => call('TagResource', { resourceArn, tags: lower(tags) }),
    };
  },
  ELBv2() {
    const { call, createTargetGroup } = elbv2();
    let arn = '';
    return {
      create: async (tags) => (arn = await createTargetGroup('tagged', { Tags: upper(tags) })),
      add: (tags) => call('AddTags', { ResourceArns: [arn], Tags: upper(tags) }),
    };
  },
  ECR() {
    const clock = createVirtualClock();
    const index = createImageIndex(clock);
    const operations = repositoryOperations({
      ...place,
      clock,
      repositories: createRepositories(place.account),
      registry: { host: 'registry', index },
    });
    const caller = { ...place, accessKeyId: 'test' };
    const resourceArn = 'arn:aws:ecr:eu-west-1:123456789012:repository/tagged';
    return {
      create: async (tags) =>
        operations['CreateRepository']!({ repositoryName: 'tagged', tags: upper(tags) }, caller),
      add: async (tags) => operations['TagResource']!({ resourceArn, tags: upper(tags) }, caller),
    };
  },
  CloudWatch() {
    const { call } = cloudWatchAtNoon();
    return {
      create: async (tags) =>
        call('PutCompositeAlarm', { AlarmName: 'tagged', AlarmRule: 'TRUE', Tags: upper(tags) }),
    };
  },
  'CloudWatch Logs'() {
    const { service } = createCloudWatchLogs({ clock: createVirtualClock() });
    return {
      create: async (tags) =>
        service.operations['CreateLogGroup']!(
          { logGroupName: 'tagged', tags },
          { ...place, accessKeyId: 'test' },
        ),
    };
  },
};

const CODES: Record<string, { invalid: string; tooMany: string }> = {
  ECS: { invalid: 'InvalidParameterException', tooMany: 'InvalidParameterException' },
  ELBv2: { invalid: 'ValidationError', tooMany: 'TooManyTags' },
  ECR: { invalid: 'InvalidTagParameterException', tooMany: 'TooManyTagsException' },
  CloudWatch: { invalid: 'InvalidParameterValue', tooMany: 'InvalidParameterValue' },
  'CloudWatch Logs': { invalid: 'InvalidParameterException', tooMany: 'InvalidParameterException' },
};

describe.each(Object.keys(services))('tags of %s', (name) => {
  const { invalid, tooMany } = CODES[name]!;

  test.each([
    ['a key of AWS', { 'aws:owner': 'x' }, /reserved for AWS: 'aws:owner'/],
    ['a key of AWS in capitals', { 'AWS:owner': 'x' }, /reserved/],
    ['a key of 129 characters', { ['k'.repeat(129)]: 'x' }, /at most 128/],
    ['a value of 257 characters', { key: 'v'.repeat(257) }, /at most 256/],
    ['a character that is not allowed', { 'key?': 'x' }, /not allowed/],
  ])('are refused with %s, and nothing is created', async (_, tags: Tags, message) => {
    const { create } = services[name]!();
    await expect(create(tags)).rejects.toMatchObject({
      code: invalid,
      message: expect.stringMatching(message),
    });
    await create({ 'owner-of.it': 'team @ 7' });
  });

  test('are at most fifty', async () => {
    const { create, add } = services[name]!();
    await expect(create(many(51))).rejects.toMatchObject({ code: tooMany });
    await create(many(50));
    await add?.({ key7: 'changed' });
    if (add) await expect(add({ another: '' })).rejects.toMatchObject({ code: tooMany });
  });
});

test('a refused tag leaves no service and no task behind', () => {
  const sandbox = createStage();
  const tags = [{ key: 'aws:owner', value: 'x' }];
  sandbox.refusal('CreateService', {
    cluster: 'main',
    serviceName: 'tagged',
    taskDefinition: 'web',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    tags,
  });
  sandbox.refusal('RunTask', {
    cluster: 'main',
    taskDefinition: 'web',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    tags,
  });
  expect(sandbox.call('ListServices', { cluster: 'main' }).serviceArns).toEqual([]);
  expect(sandbox.call('ListTasks', { cluster: 'main' }).taskArns).toEqual([]);
});

test('container instances of ECS have tags too', () => {
  const sandbox = createStage();
  sandbox.platform.addInstance({ cluster: 'main', cpu: 1024, memory: 1024 });
  const [resourceArn] = sandbox.call('ListContainerInstances', { cluster: 'main' }).containerInstanceArns;
  const tags = lower({ owner: 'shop' });
  sandbox.call('TagResource', { resourceArn, tags });
  expect(sandbox.call('ListTagsForResource', { resourceArn }).tags).toEqual(tags);
});
