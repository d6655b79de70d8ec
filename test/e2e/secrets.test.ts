// A marker stands in every secret input and in every value of the old and the new task definition.
// It must not leave the process in anything that is printed, written or sent.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  type ContainerDefinition,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { connect } from '../../src/aws/credentials/connect.ts';
import { systemClock } from '../../src/core/time/clock.ts';
import { type ActionRunner, createActionRunner } from '../support/actions-from-source.ts';
import { startGitHubApi, type GitHubApi } from '../support/github-api.ts';
import { QUICK } from '../support/quick.ts';
import { serveAws, type ServedAws } from '../support/served-aws.ts';
import { startWebhookServer, type WebhookServer } from '../support/webhook-server.ts';
import { call } from '../unit/cli/calls.ts';

// Releases in real time.
jest.setTimeout(180_000);

const MARKER = 'mArK7eR';
const secret = (name: string) => `${MARKER}-${name}`;
const IMAGE = `registry.example.com/shop/web@sha256:${'2'.repeat(64)}`;
const COMMIT = { GITHUB_SHA: 'c'.repeat(40), GITHUB_REPOSITORY: 'example/shop' };
const PLACE = { service: 'web', cluster: 'shop' };

/** A container with the marker in every value that may be any text. */
const container = (of: string): Omit<ContainerDefinition, 'name' | 'image'> => ({
  environment: [
    { name: 'DATABASE_URL', value: `postgres://u:${secret(of)}@db/x` },
    ...['DB_PASS', 'SIGNING_KEY', 'STRIPE_SK', 'GREETING', 'LOG_LEVEL', 'VERSION', 'NODE_ENV', 'PORT'].map(
      (name) => ({ name, value: secret(of) }),
    ),
  ],
  command: ['serve', '--password', secret(of)],
  entryPoint: ['/run', secret(of)],
  healthCheck: { command: ['CMD', 'curl', '-u', `u:${secret(of)}`, 'http://localhost'] },
  dockerLabels: { 'traefik.basicauth': secret(of) },
  logConfiguration: {
    logDriver: 'splunk',
    options: { 'splunk-token': secret(of), 'awslogs-group': secret(of) },
  },
});

let aws: ServedAws;
let github: GitHubApi;
let webhook: WebhookServer;
let runner: ActionRunner;
let folder: string;
beforeAll(async () => {
  [aws, github, webhook, runner, folder] = await Promise.all([
    serveAws({ firstContainer: container('old') }),
    startGitHubApi(),
    startWebhookServer(),
    createActionRunner(),
    mkdtemp(join(tmpdir(), 'ecs-ramp-secrets-')),
  ]);
});
afterAll(async () => {
  await Promise.all([aws.close(), github.close(), webhook.close(), runner.close()]);
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  aws.aws.wire.faults.clear();
  github.token = `ghs_${secret('token')}`;
});

/** Inputs of a release, as a workflow gives them. */
async function inputs(of: string): Promise<Readonly<Record<string, string>>> {
  const file = join(folder, `${of}.json`);
  const definition = {
    family: 'web',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    containerDefinitions: [
      { name: 'web', image: 'x', portMappings: [{ containerPort: 8080 }], ...container(of) },
    ],
    tags: [{ key: 'team', value: secret(of) }],
  };
  await writeFile(file, JSON.stringify(definition));
  return {
    ...PLACE,
    'task-definition': file,
    'environment-variables': `MODE=${secret(of)}\nAPI_TOKEN=${secret(of)}`,
    gates: `0 webhook 1m ${webhook.url}?token=${secret('gate')}\n0 command 1m true --token ${secret('gate')}`,
    'github-token': `ghs_${secret('token')}`,
    webhook: `${webhook.url}?key=${secret('webhook')}`,
    steps: '100',
    ...QUICK,
    'events-file': join(folder, `${of}/events.jsonl`),
  };
}

const NOTIFIED = {
  'github-deployment': 'true',
  'commit-status': 'true',
  comment: 'true',
  'issue-on-rollback': 'true',
};

async function onCommandLine(command: string, options: Readonly<Record<string, string>>, ...flags: string[]) {
  const args = Object.entries(options).flatMap(([name, value]) =>
    value === 'true' ? [`--${name}`] : [`--${name}`, value],
  );
  const env = { ...aws.environment, ...github.environment, ...COMMIT };
  const overrides = {
    endpoint: aws.environment['AWS_ENDPOINT_URL'],
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
  };
  return call([command, ...args, ...flags], {
    cwd: folder,
    env,
    clock: systemClock,
    clients: (access) => connect(access, { env, version: 'test', clock: systemClock, mask() {}, overrides }),
  });
}

async function inAction(name: string, given: Readonly<Record<string, string>>) {
  const { log, ...step } = await runner.run(name, given, { ...aws.environment, ...github.environment });
  return { ...step, log: log.join('\n') };
}

/** Everything that was written, sent or tagged. The files of the user are not. */
async function everythingElse(): Promise<string> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const written = files.filter((file) => file.isFile() && file.parentPath !== folder);
  const texts = await Promise.all(written.map((file) => readFile(join(file.parentPath, file.name), 'utf8')));
  const ecs = await aws.aws.bystander.ecs();
  const { services = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster: 'shop', services: ['web'], include: ['TAGS'] }),
  );
  const { tags = [] } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: services[0]!.taskDefinition, include: ['TAGS'] }),
  );
  const own = tags.filter(({ key }) => key !== 'team');
  return JSON.stringify([texts, github.requests, webhook.received, services[0]!.tags, own]);
}

test('no secret and no value leaves a plan, a release, a refusal, a status, a history or a rollback on the command line', async () => {
  const given = await inputs('cli');
  const release = { ...given, image: IMAGE };
  const { gates: _, steps: __, 'task-definition': ___, 'environment-variables': ____, ...back } = given;
  const build = {
    ...given,
    repository: 'shop/web',
    registry: 'registry.example.com',
    'registry-username': 'ci',
  };
  const secrets = { 'registry-password': secret('registry'), 'build-secrets': `npm=${secret('build')}` };
  await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\n');
  const printed = [
    await onCommandLine('plan', release),
    await onCommandLine('plan', release, '--json'),
    await onCommandLine('plan', { ...build, ...secrets, 'build-args': `NPM_TOKEN=${secret('arg')}` }),
  ];
  aws.aws.wire.faults.add([
    {
      service: 'ecs',
      operation: 'RegisterTaskDefinition',
      error: 'ClientException',
      message: `Invalid value ${secret('cli')} and ["serve","--password","${secret('cli')}"]`,
      times: 1,
    },
  ]);
  const refused = await onCommandLine('deploy', release);
  const deployed = await onCommandLine('deploy', {
    ...release,
    ...NOTIFIED,
    html: join(folder, 'cli/page.html'),
  });
  printed.push(
    refused,
    deployed,
    await onCommandLine('status', PLACE),
    await onCommandLine('status', PLACE, '--json'),
    await onCommandLine('history', PLACE),
    await onCommandLine('rollback', { ...back, 'github-deployment': 'true' }),
  );
  expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining('Invalid value ***')]);
  expect([deployed.code, deployed.stdout]).toEqual([0, expect.stringContaining('outcome: deployed')]);
  expect(printed.map(({ code }) => code)).toEqual([0, 0, 0, 1, 0, 0, 0, 0, 0]);
  expect(JSON.stringify(printed)).not.toContain(MARKER);
  expect(await everythingElse()).not.toContain(MARKER);
  // The deployment on GitHub still says what it waited for.
  expect(JSON.stringify(github.deployments)).toContain('the command true');
});

test('nor the actions', async () => {
  const given = await inputs('action');
  const { 'task-definition': _, gates: __, steps: ___, 'environment-variables': ____, ...back } = given;
  const printed = [
    await inAction('', { ...given, image: IMAGE, ...NOTIFIED, 'dry-run': 'true' }),
    await inAction('', { ...given, image: IMAGE, ...NOTIFIED }),
    await inAction('status', PLACE),
    await inAction('reconcile', PLACE),
    await inAction('rollback', { ...back, 'github-deployment': 'true' }),
    await inAction('deploy', { ...given, image: IMAGE, 'environment-variables': secret('no separator') }),
  ];
  expect(printed.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0, 1]);
  expect(JSON.stringify(printed)).not.toContain(MARKER);
  expect(await everythingElse()).not.toContain(MARKER);
});
