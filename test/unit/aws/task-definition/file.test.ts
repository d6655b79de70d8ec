import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { readTaskDefinitionFile } from '../../../../src/aws/task-definition/task-definition.ts';
import { render } from '../../../../src/aws/task-definition/render.ts';
import { BRIDGE, FARGATE, FARGATE_AS_WRITTEN } from './described.ts';

const folder = mkdtempSync(join(tmpdir(), 'task-definition-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'web.json');

function read(content: object | string) {
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return readTaskDefinitionFile(path);
}

test.each([
  ['as a person writes it', FARGATE_AS_WRITTEN],
  ['as ECS describes it', FARGATE],
  ['as ECS describes an older one', BRIDGE],
])('a definition %s is read to the letter', async (_, definition) => {
  expect(await read(definition)).toEqual(JSON.parse(JSON.stringify(definition)));
});

test('what `aws ecs describe-task-definition --include TAGS` prints is unwrapped', async () => {
  const tags = [{ key: 'team', value: 'shop' }];
  expect(await read({ taskDefinition: FARGATE_AS_WRITTEN, tags })).toEqual({ ...FARGATE_AS_WRITTEN, tags });
});

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** For each member at any depth: the document with the member set to null, and without it. */
function nulled(json: Json): { readonly given: Json; readonly meant: Json }[] {
  if (json === null || typeof json !== 'object') return [];
  if (Array.isArray(json)) {
    return json.flatMap((entry, index) => [
      { given: [...json, null], meant: json },
      ...nulled(entry).map(({ given, meant }) => ({
        given: json.with(index, given),
        meant: json.with(index, meant),
      })),
    ]);
  }
  return Object.entries(json).flatMap(([name, member]) => {
    const { [name]: _, ...others } = json;
    return [
      { given: { ...json, [name]: null }, meant: others },
      ...nulled(member).map(({ given, meant }) => ({
        given: { ...json, [name]: given },
        meant: { ...json, [name]: meant },
      })),
    ];
  });
}

/** What would be registered, or the error. */
const outcome = async (json: Json) =>
  read(JSON.stringify(json)).then(
    (file) => {
      const request = { current: FARGATE, tags: [], file, containerName: 'web', image: 'x' };
      return render({ ...request, environmentVariables: {}, secrets: {} }).input;
    },
    (error: Error) => error.message,
  );

test('null means absent, wherever it stands', async () => {
  const tags = [{ key: 'team', value: 'shop' }];
  const all = nulled(JSON.parse(JSON.stringify({ ...FARGATE_AS_WRITTEN, tags })));
  expect(all.length).toBeGreaterThan(50);
  for (const { given, meant } of all) {
    expect([given, await outcome(given)]).toEqual([given, await outcome(meant)]);
  }
});

test.each([
  ['{\n  "family": "web",\n  "cpu": 256,,\n}', 'line 3'],
  [
    '{\n "containerDefinitions": [\n {"name": "webwebwebwebweb"},\n ],\n "aaaaaaaaaaaaaaaaaaaaaa":1\n}',
    'line 4',
  ],
  ['{\n  "family": "web"\n', 'line 3'],
  ['{\n  "family": "we', 'line 2'],
  ['', 'line 1'],
  ['family: web', 'line 1'],
])('text that is no JSON is told with its place: %j', async (text, place) => {
  await expect(read(text)).rejects.toThrow(place);
  await expect(read(text)).rejects.toThrow(`${path}: it is not JSON`);
});

test.each([
  ['[]', 'not a JSON object'],
  ['{}', 'no containerDefinitions'],
  ['{"containerDefinitions":[]}', 'no containerDefinitions'],
  ['{"containerDefinitions":[{"image":"x"}]}', 'with a name each'],
  ['{"ContainerDefinitions":[{"name":"web"}]}', 'no containerDefinitions'],
])('%s is no task definition', async (text, problem) => {
  await expect(read(text)).rejects.toThrow(problem);
});

test('members that ECS does not know are mistakes at any depth, all at once, with what was meant', async () => {
  const containerDefinitions = [
    { name: 'web', image: 'x', enviroment: [], healthCheck: { comand: ['true'] } },
  ];
  await expect(
    read({ family: 'web', containerDefinitions, networkmode: 'awsvpc', whatever: 1 }),
  ).rejects.toThrow(
    `${path}: ` +
      'ecs-ramp does not know containerDefinitions[0].enviroment (did you mean environment?); ' +
      'ecs-ramp does not know containerDefinitions[0].healthCheck.comand (did you mean command?); ' +
      'ecs-ramp does not know networkmode (did you mean networkMode?); ' +
      'ecs-ramp does not know whatever: correct the file, or remove these members; if ECS has added one, use a newer version of ecs-ramp.',
  );
});

test('labels and options may be called anything', async () => {
  const containerDefinitions = [
    {
      name: 'web',
      dockerLabels: { anything: 'x' },
      logConfiguration: { logDriver: 'awslogs', options: { any: 'y' } },
    },
  ];
  await expect(read({ family: 'web', containerDefinitions })).resolves.toBeDefined();
});

test('values of another type than ECS takes are mistakes', async () => {
  const containerDefinitions = [
    {
      name: 'web',
      cpu: '256',
      essential: 'true',
      environment: { A: 'b' },
      command: [1],
      linuxParameters: null,
    },
  ];
  const reading = read({ family: 'web', cpu: 256, containerDefinitions });
  await expect(reading).rejects.toThrow('containerDefinitions[0].cpu is a string and must be a number');
  await expect(reading).rejects.toThrow(
    'containerDefinitions[0].essential is a string and must be a boolean',
  );
  await expect(reading).rejects.toThrow('containerDefinitions[0].environment must be a list');
  await expect(reading).rejects.toThrow(
    'containerDefinitions[0].command[0] is a number and must be a string',
  );
  await expect(reading).rejects.toThrow('cpu is a number and must be a string');
  await expect(reading).rejects.not.toThrow('linuxParameters');
});
