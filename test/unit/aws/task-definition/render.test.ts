import {
  type ContainerDefinition,
  RegisterTaskDefinitionRequest$,
  type TaskDefinition,
  TaskDefinition$,
} from '@aws-sdk/client-ecs';
import { NormalizedSchema } from '@smithy/core/schema';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { InvalidTaskDefinition } from '../../../../src/core/task-definition/invalid.ts';
import { render, type RenderRequest } from '../../../../src/aws/task-definition/render.ts';
import type { WrittenTaskDefinition } from '../../../../src/core/task-definition/parse.ts';
import { BRIDGE, FARGATE, FARGATE_AS_WRITTEN } from './described.ts';

const WEB = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/web@sha256:old';
const NEW = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/web@sha256:new';

function rendered(request: Partial<RenderRequest> = {}) {
  return render({
    current: FARGATE,
    tags: [],
    containerName: 'web',
    image: WEB,
    environmentVariables: {},
    secrets: {},
    ...request,
  });
}

function containerOf(
  definition: Pick<TaskDefinition, 'containerDefinitions'>,
  name = 'web',
): ContainerDefinition {
  return definition.containerDefinitions!.find((container) => container.name === name)!;
}

function membersOf(schema: typeof TaskDefinition$): readonly string[] {
  return Object.keys(NormalizedSchema.of(schema).getMemberSchemas());
}

/** The changes of a file with this modification, one per line. */
function changesIn(change: (file: TaskDefinition) => void): readonly string[] {
  const file = structuredClone(FARGATE_AS_WRITTEN);
  change(file);
  return rendered({ file }).changes.map(({ path, before, after }) => `${path}: ${before} > ${after}`);
}

function changesBy(
  environmentVariables: Record<string, string>,
  secrets: Record<string, string> = {},
): string {
  return JSON.stringify(rendered({ environmentVariables, secrets }).changes);
}

/** BRIDGE as a person would write it. */
function bridgeAsWritten(hostPort?: number): TaskDefinition {
  return {
    family: 'api',
    containerDefinitions: [
      {
        name: 'api',
        image: 'x',
        cpu: 128,
        memory: 256,
        portMappings: [{ containerPort: 80 }, { containerPort: 9090, ...(hostPort && { hostPort }) }],
      },
    ],
    volumes: [{ name: 'docker', dockerVolumeConfiguration: {} }],
    placementConstraints: [{ type: 'memberOf', expression: 'attribute:ecs.instance-type =~ t4g.*' }],
  };
}

describe('what is registered', () => {
  test('a new image changes the image, and nothing else to the letter', () => {
    const { input, changes, unchanged } = rendered({ image: NEW });
    expect(changes).toEqual([{ path: 'containerDefinitions.web.image', before: WEB, after: NEW }]);
    expect(unchanged).toBe(false);
    const registers = membersOf(RegisterTaskDefinitionRequest$);
    const expected = structuredClone(FARGATE);
    containerOf(expected).image = NEW;
    expect(input).toStrictEqual(
      Object.fromEntries(Object.entries(expected).filter(([name]) => registers.includes(name))),
    );
  });

  test('every member that only a read has is dropped, and no other', () => {
    const all = Object.fromEntries(membersOf(TaskDefinition$).map((name) => [name, 'x']));
    const current = { ...all, containerDefinitions: [{ name: 'web' }], ofTheFuture: { kept: true } };
    const { input } = rendered({ current });
    const kept = membersOf(TaskDefinition$).filter((name) =>
      membersOf(RegisterTaskDefinitionRequest$).includes(name),
    );
    expect(Object.keys(input).toSorted()).toEqual([...kept, 'ofTheFuture'].toSorted());
  });

  test('what it is given is left as it was', () => {
    const before = structuredClone(FARGATE);
    rendered({
      image: NEW,
      environmentVariables: { LOG_LEVEL: 'debug', DB_PASSWORD: 'x' },
      secrets: { DB_HOST: '/h' },
    });
    expect(FARGATE).toStrictEqual(before);
  });

  test('tags are kept, but for those that AWS keeps for itself', () => {
    const tags = [
      { key: 'team', value: 'shop' },
      { key: 'aws:cloudformation:stack-name', value: 'web' },
    ];
    expect(rendered({ tags })).toMatchObject({
      input: { tags: [{ key: 'team', value: 'shop' }] },
      unchanged: true,
    });
    expect(rendered({ tags: [] }).input).not.toHaveProperty('tags');
  });
});

describe('the container', () => {
  test('the only one need not be named', () => {
    const { input, containerName } = rendered({ current: BRIDGE, containerName: null, image: NEW });
    expect(containerName).toBe('api');
    expect(containerOf(input, 'api').image).toBe(NEW);
  });

  test('one of several must be named: the error lists them', () => {
    expect(() => rendered({ containerName: null })).toThrow(
      new InvalidTaskDefinition(
        'the task definition has 3 containers',
        'set container-name to the one that gets the image: web, envoy, log-router',
      ),
    );
  });

  test('one that is not there is answered with those that are', () => {
    expect(() => rendered({ containerName: 'wbe' })).toThrow(
      'the task definition has no container "wbe": did you mean "web"? It has web, envoy, log-router.',
    );
    expect(() => rendered({ containerName: 'worker' })).toThrow('"worker": It has web, envoy, log-router.');
  });
});

describe('variables and secrets', () => {
  test('are replaced in place, new ones come last, sidecars keep theirs', () => {
    const { input, changes } = rendered({
      environmentVariables: { NEW: 'a=b', LOG_LEVEL: 'debug' },
      secrets: { API_KEY: '/shop/other', TOKEN: '/shop/token' },
    });
    expect(containerOf(input).environment).toEqual([
      { name: 'LOG_LEVEL', value: 'debug' },
      { name: 'EMPTY', value: '' },
      { name: 'DB_HOST', value: 'db.internal' },
      { name: 'NEW', value: 'a=b' },
    ]);
    expect(containerOf(input).secrets?.map(({ name, valueFrom }) => [name, valueFrom?.slice(0, 12)])).toEqual(
      [
        ['DB_PASSWORD', 'arn:aws:secr'],
        ['API_KEY', '/shop/other'],
        ['TOKEN', '/shop/token'],
      ],
    );
    expect(containerOf(input, 'envoy')).toEqual(containerOf(FARGATE, 'envoy'));
    expect(changes).toEqual([
      { path: 'containerDefinitions.web.environment.LOG_LEVEL', before: 'info', after: 'debug' },
      { path: 'containerDefinitions.web.secrets.API_KEY', before: '/shop/api-key', after: '/shop/other' },
      { path: 'containerDefinitions.web.environment.NEW', before: null, after: '(hidden)' },
      { path: 'containerDefinitions.web.secrets.TOKEN', before: null, after: '/shop/token' },
    ]);
  });

  test('a name is one or the other: the given one wins', () => {
    const { input } = rendered({
      environmentVariables: { DB_PASSWORD: 'x' },
      secrets: { DB_HOST: '/db/host' },
    });
    const { environment, secrets } = containerOf(input);
    expect(environment?.map(({ name }) => name)).toEqual(['LOG_LEVEL', 'EMPTY', 'DB_PASSWORD']);
    expect(secrets?.map(({ name }) => name)).toEqual(['API_KEY', 'DB_HOST']);
  });

  test('the same values again change nothing', () => {
    expect(
      rendered({ environmentVariables: { EMPTY: '' }, secrets: { API_KEY: '/shop/api-key' } }),
    ).toMatchObject({
      unchanged: true,
      changes: [],
    });
  });

  test('whatever is given is what the container then has, once each', () => {
    const names = fc.constantFrom(
      'LOG_LEVEL',
      'EMPTY',
      'DB_HOST',
      'DB_PASSWORD',
      'API_KEY',
      'NEW',
      '__proto__',
    );
    const given = fc.dictionary(names, fc.string(), { noNullPrototype: true });
    fc.assert(
      fc.property(given, given, (environmentVariables, others) => {
        const secrets = Object.fromEntries(
          Object.entries(others).filter(([name]) => !Object.hasOwn(environmentVariables, name)),
        );
        const container = containerOf(rendered({ environmentVariables, secrets }).input);
        const environment = container.environment?.map(({ name, value }) => [name, value]) ?? [];
        const references = container.secrets?.map(({ name, valueFrom }) => [name, valueFrom]) ?? [];
        expect(environment).toEqual(expect.arrayContaining(Object.entries(environmentVariables)));
        expect(references).toEqual(expect.arrayContaining(Object.entries(secrets)));
        const all = [...environment, ...references].map(([name]) => name);
        expect(new Set(all).size).toBe(all.length);
        for (const name of ['LOG_LEVEL', 'EMPTY', 'DB_HOST', 'DB_PASSWORD', 'API_KEY'])
          expect(all).toContain(name);
      }),
    );
  });
});

describe('what counts as unchanged', () => {
  test('a file without all that ECS fills in, in another order', () => {
    expect(rendered({ file: FARGATE_AS_WRITTEN })).toMatchObject({ changes: [], unchanged: true });
  });

  test('a dynamic host port that is not written, but not a fixed one', () => {
    const base = { current: BRIDGE, containerName: null, image: 'shop/api:7' };
    expect(rendered({ ...base, file: bridgeAsWritten(9090) }).changes).toEqual([]);
    expect(rendered({ ...base, file: bridgeAsWritten() }).changes).toEqual([
      { path: 'containerDefinitions.api.portMappings.9090/tcp.hostPort', before: '9090', after: null },
    ]);
  });

  test.each<[string, (file: TaskDefinition) => void, string]>([
    ['cpu', (file) => (file.cpu = '1 vCPU'), 'cpu: 512 > 1024'],
    [
      'the order of a command',
      (file) => containerOf(file).command!.push(containerOf(file).command!.shift()!),
      'containerDefinitions.web.command: (hidden) > (hidden, different)',
    ],
    [
      'an essential sidecar',
      (file) => delete containerOf(file, 'log-router').essential,
      'containerDefinitions.log-router.essential: false > null',
    ],
    [
      'a health check',
      (file) => (containerOf(file).healthCheck!.retries = 2),
      'containerDefinitions.web.healthCheck.retries: null > 2',
    ],
    [
      'an empty variable that is gone',
      (file) => containerOf(file).environment!.shift(),
      'containerDefinitions.web.environment.EMPTY:  > null',
    ],
    [
      'udp that is gone',
      (file) => containerOf(file).portMappings!.splice(1, 1),
      'containerDefinitions.web.portMappings.53/udp.containerPort: 53 > null',
    ],
    [
      'another role',
      (file) => (file.taskRoleArn = 'task'),
      'taskRoleArn: arn:aws:iam::123456789012:role/web-task > task',
    ],
    [
      'the platform',
      (file) => (file.runtimePlatform!.cpuArchitecture = 'X86_64'),
      'runtimePlatform.cpuArchitecture: ARM64 > X86_64',
    ],
    [
      'a host port of its own',
      (file) => (containerOf(file).portMappings![0]!.hostPort = 5353),
      'containerDefinitions.web.portMappings.53/tcp.hostPort: null > 5353',
    ],
    [
      'a variable that is there twice',
      (file) => containerOf(file).environment!.push({ name: 'LOG_LEVEL', value: 'trace' }),
      'containerDefinitions.web.environment.LOG_LEVEL#2: null > trace',
    ],
    ['a tag', (file) => Object.assign(file, { tags: [{ key: 'a', value: 'b' }] }), 'tags.a: null > (hidden)'],
    ['a volume', (file) => file.volumes!.push({ name: 'more' }), 'volumes.more.name: null > more'],
    ['storage', (file) => delete file.ephemeralStorage, 'ephemeralStorage.sizeInGiB: 40 > null'],
  ])('%s is a change', (_, change, told) => {
    expect(changesIn(change)).toContain(told);
  });

  test('the order of what it may run on is no change', () => {
    const current: TaskDefinition = { ...FARGATE, requiresCompatibilities: ['EC2', 'FARGATE'] };
    const file: TaskDefinition = { ...FARGATE, requiresCompatibilities: ['FARGATE', 'EC2'] };
    expect(rendered({ current, file }).changes).toEqual([]);
  });

  test('a sidecar that is gone is told member by member, its image among them', () => {
    const told = changesIn((file) => file.containerDefinitions!.splice(1, 1));
    expect(told).toContain(
      'containerDefinitions.envoy.image: public.ecr.aws/appmesh/aws-appmesh-envoy:v1 > null',
    );
    expect(told.every((line) => line.startsWith('containerDefinitions.envoy.'))).toBe(true);
  });

  test('a definition is unchanged against itself, in whatever order its lists are', () => {
    const containers = fc.shuffledSubarray(FARGATE.containerDefinitions!, { minLength: 3 });
    fc.assert(
      fc.property(containers, fc.boolean(), (containerDefinitions, reversed) => {
        const shuffled = containerDefinitions.map((container) => ({
          ...container,
          environment: reversed ? container.environment?.toReversed() : container.environment,
        }));
        expect(rendered({ file: { ...FARGATE, containerDefinitions: shuffled } }).unchanged).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});

describe('a file', () => {
  test("is registered as it is written, with the service's family and tags where it has none", () => {
    const { family: _, ...file } = FARGATE_AS_WRITTEN;
    const tags = [{ key: 'team', value: 'shop' }];
    const { input } = rendered({ file, tags, image: NEW });
    const expected = structuredClone(FARGATE_AS_WRITTEN);
    containerOf(expected).image = NEW;
    expect(input).toStrictEqual({ ...expected, tags });
  });

  test('may bring tags of its own', () => {
    const { input } = rendered({
      file: { ...FARGATE_AS_WRITTEN, tags: [{ key: 'a', value: 'b' }] },
      tags: [{ key: 'team', value: 'shop' }],
    });
    expect(input.tags).toEqual([{ key: 'a', value: 'b' }]);
  });
});

/** The file with the text in every place that may hold any text. */
function withText(file: WrittenTaskDefinition, text: string): WrittenTaskDefinition {
  const container = containerOf(file);
  container.command = ['serve', '--password', text];
  container.entryPoint = ['/run', text];
  container.healthCheck = { command: ['CMD', 'curl', '-u', `u:${text}`] };
  container.dockerLabels = { 'traefik.auth': text };
  container.systemControls = [{ namespace: 'kernel.domainname', value: text }];
  container.logConfiguration = { logDriver: 'splunk', options: { 'splunk-token': text, mode: text } };
  container.credentialSpecs = [`credentialspec:${text}`];
  container.dockerSecurityOptions = [text];
  container.secrets = [{ name: 'A', valueFrom: text }];
  container.environmentFiles = [{ type: 's3', value: text }];
  file.volumes = [{ name: 'v', dockerVolumeConfiguration: { driverOpts: { o: text }, labels: { l: text } } }];
  file.proxyConfiguration = { containerName: 'envoy', properties: [{ name: 'A', value: text }] };
  return { ...file, tags: [{ key: 'team', value: text }] };
}

describe('values in changes', () => {
  test.each([
    ['DATABASE_URL', 'postgres://u:hunter2@db/x'],
    ['DB_PASS', 'hunter2'],
    ['SIGNING_KEY', 'hunter2'],
    ['STRIPE_SK', 'hunter2'],
    ['STRIPE_SECRET', 'hunter2'],
    ['SENTRY_DSN', 'hunter2'],
    ['apiKey', 'hunter2'],
    ['GREETING', 'hunter2'],
    ['EMPTY', 'hunter2'],
    ['LOG_LEVEL', 'postgres://u:hunter2@db/x'],
    ['VERSION', 'hunter2!'],
    ['PORT', 'hunter2'],
    ['RELEASE', 'ghp_hunter2hunter2hunter2hunter2hunter2'],
  ])('a variable %s is told without its value', (name, value) => {
    expect(changesBy({ [name]: value })).not.toContain('hunter2');
    expect(changesBy({ [name]: value })).toContain(`environment.${name}`);
  });

  test.each([
    ['LOG_FORMAT', 'json'],
    ['NODE_ENV', 'production'],
    ['PORT', '8080'],
    ['AWS_REGION', 'eu-central-1'],
    ['RELEASE', 'two'],
    ['APP_VERSION', 'v1.12.0-rc.1'],
    ['GIT_COMMIT', '0123456789abcdef0123456789abcdef01234567'],
    ['TZ', 'Europe/Berlin'],
  ])('a variable %s is shown if its value is harmless', (name, value) => {
    expect(changesBy({ [name]: value })).toContain(`"${value}"`);
  });

  test('those of lists and maps that may have any text are hidden, before and after', () => {
    const before = withText(structuredClone(FARGATE), 'the-marker-1');
    const after = withText(structuredClone(FARGATE), 'the-marker-2');
    const { changes } = rendered({ current: before, tags: before.tags!, file: after });
    expect(changes.length).toBeGreaterThanOrEqual(15);
    expect(JSON.stringify(changes)).not.toContain('the-marker');
  });

  test('a variable that becomes a secret is told without its old value', () => {
    expect(changesBy({}, { DB_HOST: '/db/host' })).not.toContain('db.internal');
    expect(changesBy({}, { DB_HOST: '/db/host' })).toContain('/db/host');
  });

  test('a different secret value is told to differ', () => {
    const current = structuredClone(FARGATE);
    containerOf(current).environment!.push({ name: 'TOKEN', value: 'old' });
    expect(rendered({ current, environmentVariables: { TOKEN: 'new' } }).changes).toEqual([
      {
        path: 'containerDefinitions.web.environment.TOKEN',
        before: '(hidden)',
        after: '(hidden, different)',
      },
    ]);
  });
});
