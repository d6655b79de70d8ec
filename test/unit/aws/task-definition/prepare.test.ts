import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ECSClient, type Tag } from '@aws-sdk/client-ecs';
import { type HttpRequest, HttpResponse } from '@smithy/core/protocols';
import { explaining } from '../../../../src/aws/explain.ts';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Preparation } from '../../../../src/aws/task-definition/task-definition.ts';
import {
  prepareTaskDefinition,
  renderForService,
} from '../../../../src/aws/task-definition/task-definition.ts';
import type { Notice, TaskDefinitionReady } from '../../../../src/core/trail/event.ts';
import { FARGATE, FARGATE_AS_WRITTEN } from './described.ts';

const CURRENT = FARGATE.taskDefinitionArn!;
const NEXT = CURRENT.replace(':41', ':42');
const OLD_IMAGE = FARGATE.containerDefinitions![0]!.image!;
const NEW_IMAGE = OLD_IMAGE.replace('old', 'new');
/** Times are in seconds in the protocol. */
const AS_SENT = { ...FARGATE, registeredAt: 1_790_000_000.5 };
const TAGS = [{ key: 'team', value: 'shop' }];

const KEPT: Preparation['request'] = {
  file: null,
  containerName: 'web',
  environmentVariables: {},
  secrets: {},
};

type Answer = { readonly status: number; readonly body: object };

/** An ECS behind the SDK's client, which records requests and returns raw answers. */
function fakeEcs(
  answers: Readonly<Record<string, (sent: { readonly tags?: unknown }) => Answer | null>> = {},
) {
  const asked: { readonly operation: string; readonly body: Record<string, unknown> }[] = [];
  const byDefault: Record<string, Answer> = {
    DescribeTaskDefinition: {
      status: 200,
      body: { taskDefinition: AS_SENT, tags: TAGS },
    },
    RegisterTaskDefinition: {
      status: 200,
      body: { taskDefinition: { taskDefinitionArn: NEXT }, tags: TAGS },
    },
  };
  const ecs = new ECSClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'x' },
    maxAttempts: 1,
    requestHandler: {
      async handle(request: HttpRequest) {
        const operation = request.headers['x-amz-target']!.split('.')[1]!;
        const sent: Record<string, unknown> = JSON.parse(textOf(request.body));
        asked.push({ operation, body: sent });
        const { status, body } = answers[operation]?.(sent) ?? byDefault[operation]!;
        return {
          response: new HttpResponse({
            statusCode: status,
            headers: {},
            body: Buffer.from(JSON.stringify(body)),
          }),
        };
      },
    },
  });
  ecs.middlewareStack.use(explaining);

  return { ecs, asked };
}

function textOf(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
}

function prepare(ecs: ECSClient, request: Preparation['request'], image: string, provenance: Tag[] = []) {
  const told: (TaskDefinitionReady | Notice)[] = [];
  const tell = (event: TaskDefinitionReady | Notice) => told.push(event);
  const ready = prepareTaskDefinition({ request, image, currentArn: CURRENT, provenance, ecs, tell });
  return { told, ready };
}

test('a new image is registered as a new revision, with the tags of the old', async () => {
  const { ecs, asked } = fakeEcs();
  const { ready, told } = prepare(ecs, KEPT, NEW_IMAGE);
  expect(await ready).toEqual({
    taskDefinitionArn: NEXT,
    previousTaskDefinitionArn: CURRENT,
    containerName: 'web',
    image: NEW_IMAGE,
  });
  const { taskDefinitionArn: _1, revision: _2, status: _3, ...rest } = FARGATE;
  const {
    requiresAttributes: _4,
    compatibilities: _5,
    registeredAt: _6,
    registeredBy: _7,
    ...expected
  } = rest;
  const [web, ...sidecars] = expected.containerDefinitions!;
  expect(asked).toEqual([
    { operation: 'DescribeTaskDefinition', body: { taskDefinition: CURRENT, include: ['TAGS'] } },
    {
      operation: 'RegisterTaskDefinition',
      body: { ...expected, containerDefinitions: [{ ...web, image: NEW_IMAGE }, ...sidecars], tags: TAGS },
    },
  ]);
  expect(told).toEqual([
    {
      kind: 'task-definition-ready',
      taskDefinitionArn: NEXT,
      previousTaskDefinitionArn: CURRENT,
      containerName: 'web',
      image: NEW_IMAGE,
      unchanged: false,
      changes: [{ path: 'containerDefinitions.web.image', before: OLD_IMAGE, after: NEW_IMAGE }],
    },
  ]);
});

/** The tags of each registration. */
const registered = ({ asked }: ReturnType<typeof fakeEcs>) =>
  asked.filter(({ operation }) => operation === 'RegisterTaskDefinition').map(({ body }) => body['tags']);

describe('the tags that say where a release comes from', () => {
  const PROVENANCE = [{ key: 'ecs-ramp:commit', value: 'c0ffee' }];
  const earlier = [...TAGS, { key: 'ecs-ramp:commit', value: 'decade' }, { key: 'ecs-ramp:run', value: 'x' }];
  const before = {
    DescribeTaskDefinition: () => ({ status: 200, body: { taskDefinition: AS_SENT, tags: earlier } }),
  };
  const denied = { status: 400, body: { __type: 'AccessDeniedException', message: 'not for you' } };

  test('take the place of the earlier release’s, beside the user’s own', async () => {
    const fake = fakeEcs(before);
    await prepare(fake.ecs, KEPT, NEW_IMAGE, PROVENANCE).ready;
    expect(registered(fake)).toEqual([[...TAGS, ...PROVENANCE]]);
  });

  test('make no difference by themselves', async () => {
    const fake = fakeEcs(before);
    const { ready, told } = prepare(fake.ecs, KEPT, OLD_IMAGE, PROVENANCE);
    expect(await ready).toMatchObject({ taskDefinitionArn: CURRENT });
    expect(told).toMatchObject([{ unchanged: true, changes: [] }]);
  });

  test('are left out where the role may not tag, and that is told once', async () => {
    const fake = fakeEcs({
      RegisterTaskDefinition: ({ tags }) => (JSON.stringify(tags).includes('ecs-ramp:') ? denied : null),
    });
    const { ready, told } = prepare(fake.ecs, KEPT, NEW_IMAGE, PROVENANCE);
    expect(await ready).toMatchObject({ taskDefinitionArn: NEXT });
    expect(registered(fake)).toEqual([[...TAGS, ...PROVENANCE], TAGS]);
    expect(told).toMatchObject([
      { kind: 'notice', level: 'warning', message: expect.stringContaining('allow ecs:TagResource') },
      { kind: 'task-definition-ready' },
    ]);
  });

  test('do not hide that registering itself is denied', async () => {
    const fake = fakeEcs({ RegisterTaskDefinition: () => denied });
    const { ready, told } = prepare(fake.ecs, KEPT, NEW_IMAGE, PROVENANCE);
    await expect(ready).rejects.toThrow('allow ecs:RegisterTaskDefinition');
    expect(told).toEqual([]);
  });
});

test('what says the same as the running revision registers nothing, and is told as that', async () => {
  const { ecs, asked } = fakeEcs();
  const { ready, told } = prepare(ecs, KEPT, OLD_IMAGE);
  expect(await ready).toMatchObject({ taskDefinitionArn: CURRENT, previousTaskDefinitionArn: CURRENT });
  expect(asked.map(({ operation }) => operation)).toEqual(['DescribeTaskDefinition']);
  expect(told).toMatchObject([{ taskDefinitionArn: CURRENT, unchanged: true, changes: [] }]);
});

const folder = mkdtempSync(join(tmpdir(), 'task-definition-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a file that says the same registers nothing; one that does not is registered', async () => {
  const file = join(folder, 'web.json');
  writeFileSync(file, JSON.stringify(FARGATE_AS_WRITTEN));
  const same = fakeEcs();
  expect(await prepare(same.ecs, { ...KEPT, file }, OLD_IMAGE).ready).toMatchObject({
    taskDefinitionArn: CURRENT,
  });

  writeFileSync(file, JSON.stringify({ ...FARGATE_AS_WRITTEN, memory: '2 GB' }));
  const other = fakeEcs();
  const { ready, told } = prepare(other.ecs, { ...KEPT, file }, OLD_IMAGE);
  expect(await ready).toMatchObject({ taskDefinitionArn: NEXT });
  expect(told).toMatchObject([{ changes: [{ path: 'memory', before: '1024', after: '2048' }] }]);
});

test('a mistake in the file is told before anything is registered', async () => {
  const file = join(folder, 'wrong.json');
  writeFileSync(file, JSON.stringify({ ...FARGATE_AS_WRITTEN, memmory: '1 GB' }));
  const { ecs, asked } = fakeEcs();
  const { ready, told } = prepare(ecs, { ...KEPT, file }, NEW_IMAGE);
  await expect(ready).rejects.toThrow('ecs-ramp does not know memmory (did you mean memory?)');
  expect(asked.filter(({ operation }) => operation === 'RegisterTaskDefinition')).toEqual([]);
  expect(told).toEqual([]);
});

test('what AWS refuses is told with the operation and what it was tried on', async () => {
  const answer = { status: 400, body: { __type: 'AccessDeniedException', message: 'not for you' } };
  const { ecs } = fakeEcs({ RegisterTaskDefinition: () => answer });
  const { ready, told } = prepare(ecs, KEPT, NEW_IMAGE);
  await expect(ready).rejects.toThrow(/ecs:RegisterTaskDefinition on task definition web: .*not for you/);
  expect(told).toEqual([]);
});

test('rendering alone changes nothing', async () => {
  const { ecs, asked } = fakeEcs();
  const rendered = await renderForService({ request: KEPT, image: NEW_IMAGE, currentArn: CURRENT, ecs });
  expect(rendered).toMatchObject({ containerName: 'web', unchanged: false });
  expect(asked.map(({ operation }) => operation)).toEqual(['DescribeTaskDefinition']);
});
