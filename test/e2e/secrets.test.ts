// A marker stands in every secret input of every action and command, and in every value of the old
// and the new task definition. It must not leave the process in anything that is printed, written or
// sent. The secret inputs come from their definitions: one without an entry in `PLANTED` fails here.
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  type ContainerDefinition,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { webOnFargate } from '../support/task-definitions.ts';
import { connect } from '../../src/aws/credentials/connect.ts';
import { COMMANDS } from '../../src/cli/cli.ts';
import { systemClock } from '../../src/core/time/clock.ts';
import { actions } from '../../src/inputs/actions/actions.ts';
import type { InputType } from '../../src/inputs/types/input-type.ts';
import { type ActionRunner, createActionRunner } from '../support/actions-from-source.ts';
import { importBusybox } from '../support/base-image.ts';
import { removeImages } from '../support/docker.ts';
import { type EchoingServer, startEchoingServer } from '../support/echoing-server.ts';
import { type GitServer, startGitServer } from '../support/git-server.ts';
import { startGitHubApi, type GitHubApi } from '../support/github-api.ts';
import { QUICK } from '../support/quick.ts';
import { type TestRegistry, startRegistry } from '../support/registry.ts';
import { serveAws, type ServedAws } from '../support/served-aws.ts';
import { startWebhookServer, type WebhookServer } from '../support/webhook-server.ts';
import { call } from '../unit/cli/calls.ts';

// Releases in real time.
jest.setTimeout(180_000);

const MARKER = 'mArK7eR';
const secret = (name: string) => `${MARKER}-${name}`;
const TOKEN = `ghs_${secret('token')}`;
const PASSWORD = secret('registry');
const IMAGE = `registry.example.com/shop/web@sha256:${'2'.repeat(64)}`;
const COMMIT = { GITHUB_SHA: 'c'.repeat(40), GITHUB_REPOSITORY: 'example/shop' };
const PLACE = { service: 'web', cluster: 'shop' };
const BASE = `secrets-busybox-${randomUUID()}`;

/** The marker as text, and in Base64 at each of the three places where it can begin. */
const MARKS = [
  MARKER,
  ...[0, 1, 2].map((before) =>
    Buffer.from(`${'.'.repeat(before)}${MARKER}`)
      .toString('base64')
      .slice(before === 0 ? 0 : before + 1, -4),
  ),
];
/** The marks in the values, each with the text around it. */
function marksIn(...values: readonly unknown[]): readonly string[] {
  const text = JSON.stringify(values);
  return MARKS.flatMap((mark) => {
    const at = text.indexOf(mark);
    return at === -1 ? [] : [text.slice(Math.max(0, at - 200), at + 100)];
  });
}

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
let registry: TestRegistry;
let git: GitServer;
let echo: EchoingServer;
let runner: ActionRunner;
/** Files of the user are directly in it, everything that is written in folders. */
let folder: string;
let sources: Sources;
beforeAll(async () => {
  [aws, github, webhook, registry, echo, runner, folder] = await Promise.all([
    serveAws({ firstContainer: container('old') }),
    startGitHubApi(),
    startWebhookServer(),
    startRegistry(PASSWORD),
    startEchoingServer(),
    createActionRunner(),
    mkdtemp(join(tmpdir(), 'ecs-ramp-secrets-')),
  ]);
  importBusybox(BASE);
  sources = await createSources();
  git = await startGitServer(sources.root, TOKEN);
});
afterAll(async () => {
  await Promise.all([aws, github, webhook, git, echo, runner].map((each) => each.close()));
  await registry.stop();
  for (const host of [registry.host, echo.host]) removeImages(`${host}/shop/web`);
  removeImages(BASE);
  await Promise.all([folder, sources.root].map((each) => rm(each, { recursive: true })));
});
beforeEach(() => {
  aws.aws.wire.faults.clear();
  github.token = TOKEN;
  github.refuse = null;
});

interface Sources {
  /** Contains the repositories of the git server: `example/shop`. */
  readonly root: string;
  readonly base: string;
  readonly head: string;
  /** A new clone of the newest commit alone, without credentials. */
  clone(): Promise<string>;
}

function runGit(cwd: string, ...args: readonly string[]): string {
  return execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], {
    cwd,
    encoding: 'utf8',
  });
}

async function createSources(): Promise<Sources> {
  const root = await mkdtemp(join(tmpdir(), 'ecs-ramp-sources-'));
  const bare = join(root, 'example/shop');
  runGit(root, 'init', '-q', '--bare', '-b', 'main', bare);
  runGit(bare, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  const work = join(root, 'work');
  runGit(root, 'init', '-q', '-b', 'main', work);
  const commit = async (text: string) => {
    await writeFile(join(work, 'ecs-ramp.yml'), `services: { web: { context: . } } # ${text}\n`);
    runGit(work, 'add', '--all');
    runGit(work, 'commit', '-q', '-m', text);
    return runGit(work, 'rev-parse', 'HEAD').trim();
  };
  const [base, head] = [await commit('first'), await commit('second')];
  runGit(work, 'push', '-q', bare, 'main');
  return {
    root,
    base,
    head,
    async clone() {
      const clone = await mkdtemp(join(root, 'clone-'));
      runGit(root, 'clone', '-q', '--depth=1', `file://${bare}`, clone);
      runGit(clone, 'remote', 'set-url', 'origin', join(root, 'gone'));
      return clone;
    },
  };
}

/** What is given for each input that is declared secret. */
const PLANTED: Readonly<Record<string, () => string>> = {
  'build-secrets': () => `"npm=${secret('build')}\n${secret('build-second-line')}"`,
  'registry-password': () => PASSWORD,
  // The name of a parameter in SSM. Somebody may write the secret itself.
  secrets: () => `DB_PASSWORD=${secret('reference')}`,
  'github-token': () => TOKEN,
  webhook: () => `${webhook.url}?key=${secret('webhook')}`,
};

type Described = Readonly<Record<string, { readonly type?: InputType<unknown> }>>;

function secretNames(inputs: Described): readonly string[] {
  return Object.entries(inputs).flatMap(([name, { type }]) => (type?.secret ? [name] : []));
}

/** All secret inputs, each with the marker. */
function planted(inputs: Described): Readonly<Record<string, string>> {
  return Object.fromEntries(
    secretNames(inputs).map((name) => {
      if (!PLANTED[name]) throw new Error(`${name} is a secret: add a value with the marker to PLANTED.`);
      return [name, PLANTED[name]()];
    }),
  );
}

/** Wrong for each type of secret input: two lines, blanks, and no `=`. */
function wrong(inputs: Described): Readonly<Record<string, string>> {
  return Object.fromEntries(
    secretNames(inputs).map((name) => [name, `${secret('one')} ${secret('two')}\n${secret('three')}`]),
  );
}

/** Inputs of a release that may contain a secret, although they are not declared so. */
async function releaseOf(of: string): Promise<Readonly<Record<string, string>>> {
  const file = join(folder, `${of}.json`);
  const definition = webOnFargate(
    {
      executionRoleArn: 'arn:aws:iam::123456789012:role/web-execution',
      tags: [{ key: 'team', value: secret(of) }],
    },
    container(of),
  );
  await writeFile(file, JSON.stringify(definition));
  return {
    ...PLACE,
    'task-definition': file,
    'environment-variables': `MODE=${secret(of)}\nAPI_TOKEN=${secret(of)}`,
    gates: `0 webhook 1m ${webhook.url}?token=${secret('gate')}\n0 command 1m true --token ${secret('gate')}`,
    steps: '100',
    ...QUICK,
  };
}

/** Inputs of a build whose only step prints its secrets and ends with this exit code. */
async function buildOf(exitCode: number): Promise<Readonly<Record<string, string>>> {
  const file = join(folder, `Dockerfile-${exitCode}`);
  const print = 'cat /run/secrets/npm; echo; echo "npm: $(cat /run/secrets/npm)" $NPM_TOKEN';
  await writeFile(
    file,
    `FROM ${BASE}\nARG NPM_TOKEN\nRUN --mount=type=secret,id=npm,required=true echo ${randomUUID()}; ${print}; exit ${exitCode}\n`,
  );
  await mkdir(join(folder, 'context'), { recursive: true });
  return {
    context: join(folder, 'context'),
    file,
    repository: 'shop/web',
    registry: registry.host,
    'registry-username': registry.username,
    'build-args': `NPM_TOKEN=${secret('arg')}`,
  };
}

const NOTIFIED = {
  'github-deployment': 'true',
  'commit-status': 'true',
  comment: 'true',
  'issue-on-rollback': 'true',
};

/** Inputs of a rollback: those of a release that it has. */
function onlyThose(names: Described, given: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(names, name)));
}

async function optionsOf(command: string): Promise<Described> {
  const { options } = await COMMANDS[command]!.load();
  return Object.assign({}, ...Object.values(options));
}

/** In a clone, with the commits and the server of the repository. */
const inClone = (server: string) => ({ GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: 'example/shop' });

async function onCommandLine(
  [command = '', ...flags]: readonly string[],
  options: Readonly<Record<string, string>>,
  { cwd = folder, ...more }: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
) {
  const args = Object.entries(options).flatMap(([name, value]) =>
    value === 'true' ? [`--${name}`] : [`--${name}`, value],
  );
  const env = { ...aws.environment, ...github.environment, ...COMMIT, ...engine(), ...more.env };
  const overrides = {
    endpoint: aws.environment['AWS_ENDPOINT_URL'],
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
  };
  return call([command, ...args, ...flags], {
    cwd,
    env,
    clock: systemClock,
    clients: (access) => connect(access, { env, version: 'test', clock: systemClock, mask() {}, overrides }),
  });
}

function engine(): Readonly<Record<string, string>> {
  const { DOCKER_HOST } = process.env;
  return DOCKER_HOST === undefined ? {} : { DOCKER_HOST };
}

async function inAction(
  name: string,
  given: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
) {
  const { log, ...step } = await runner.run(name, given, {
    ...aws.environment,
    ...github.environment,
    ...engine(),
    ...environment,
  });
  return { ...step, log: log.join('\n') };
}

/** Everything that was written, sent or tagged. The files of the user are not. */
async function everythingElse(): Promise<readonly unknown[]> {
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
  return [texts, github.requests, webhook.received, services[0]!.tags, own];
}

describe('no secret and no value leaves', () => {
  test('a plan, a release, a refusal, a status, a history or a rollback on the command line', async () => {
    const tried: Record<string, ReadonlySet<string>> = {};
    const whole = async (command: string, given: Readonly<Record<string, string>>) => {
      const options = { ...given, ...planted(await optionsOf(command)) };
      tried[command] = new Set(Object.keys(options));
      return options;
    };
    const release = await releaseOf('cli');
    const file = { 'events-file': join(folder, 'cli/events.jsonl') };
    const existing = { ...release, ...file, image: IMAGE, 'github-token': TOKEN };
    const build = await whole('plan', { ...release, ...(await buildOf(0)) });
    const printed = [
      await onCommandLine(['plan'], existing),
      await onCommandLine(['plan', '--json'], existing),
      await onCommandLine(['plan'], build),
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
    const refused = await onCommandLine(['deploy'], existing);
    const deployed = await onCommandLine(
      ['deploy'],
      await whole('deploy', {
        ...release,
        ...file,
        ...(await buildOf(0)),
        ...NOTIFIED,
        html: join(folder, 'cli/page.html'),
      }),
    );
    const back = await whole('rollback', {
      ...onlyThose(await optionsOf('rollback'), { ...release, ...file, gates: '' }),
      'github-deployment': 'true',
    });
    printed.push(
      refused,
      deployed,
      await onCommandLine(['status'], PLACE),
      await onCommandLine(['status', '--json'], PLACE),
      await onCommandLine(['history'], PLACE),
      await onCommandLine(['rollback'], back),
      await onCommandLine(['changes'], await whole('changes', { base: sources.base }), {
        cwd: await sources.clone(),
        env: { ...inClone(git.url), GITHUB_SHA: sources.head },
      }),
    );
    expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining('Invalid value ***')]);
    expect([deployed.code, deployed.stdout]).toEqual([0, expect.stringContaining('outcome: deployed')]);
    expect(deployed.stdout).toContain('npm: ***');
    expect(printed.map(({ code }) => code)).toEqual([0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    expect(marksIn(printed, await everythingElse())).toEqual([]);
    // The deployment on GitHub still says what it waited for.
    expect(JSON.stringify(github.deployments)).toContain('the command true');
    for (const command of Object.keys(COMMANDS)) {
      const untried = secretNames(await optionsOf(command)).filter((name) => !tried[command]?.has(name));
      expect([command, untried]).toEqual([command, []]);
    }
  });

  /** By the folder of the action: its inputs besides the secret ones, and its environment. */
  const RUNS: Readonly<Record<string, () => Promise<readonly [inputs: object, environment?: object]>>> = {
    '': async () => [{ ...(await releaseOf('main')), ...(await buildOf(0)), ...NOTIFIED }],
    build: async () => [await buildOf(0)],
    deploy: async () => [{ ...(await releaseOf('deploy')), image: IMAGE, ...NOTIFIED }],
    rollback: async () => [{ ...PLACE, ...QUICK, 'github-deployment': 'true' }],
    status: async () => [PLACE],
    changes: async () => [
      { base: sources.base },
      { ...inClone(git.url), GITHUB_SHA: sources.head, GITHUB_WORKSPACE: await sources.clone() },
    ],
    reconcile: async () => [PLACE],
  };
  test.each(actions.map(({ folder: name, definitions }) => [name || 'main', { name, definitions }] as const))(
    'the action %s',
    async (_, { name, definitions }) => {
      if (!RUNS[name]) throw new Error(`Add a run of ${name} to RUNS.`);
      const [given, environment] = await RUNS[name]();
      const done = await inAction(name, { ...given, ...planted(definitions) }, { ...environment });
      expect([done.exitCode, done.annotations.filter(({ level }) => level === 'error')]).toEqual([0, []]);
      expect(marksIn(done, await everythingElse())).toEqual([]);
    },
  );

  test('a dry run of the action, which comments on the pull request', async () => {
    const given = { ...(await releaseOf('dry')), image: IMAGE, ...NOTIFIED, 'dry-run': 'true' };
    const done = await inAction('', { ...given, 'github-token': TOKEN });
    expect(done.exitCode).toBe(0);
    expect(marksIn(done, await everythingElse())).toEqual([]);
  });

  test('a build that fails after its step has printed the secrets', async () => {
    const given = { ...(await buildOf(7)), 'registry-password': PASSWORD };
    const secrets = { 'build-secrets': PLANTED['build-secrets']!() };
    const done = await inAction('build', { ...given, ...secrets });
    expect([done.exitCode, done.log]).toEqual([1, expect.stringMatching(/exit code 7.*npm: \*\*\*/s)]);
    const released = { ...(await releaseOf('failing')), ...given, ...secrets };
    const deployed = await onCommandLine(['deploy'], {
      ...released,
      'events-file': join(folder, 'failing/events.jsonl'),
    });
    expect([deployed.code, deployed.stdout]).toEqual([1, expect.stringContaining('exit code 7')]);
    expect(marksIn(done, deployed, await everythingElse())).toEqual([]);
  });
});

describe('a message that repeats a secret does not show it, if it comes from', () => {
  test('a registry that refuses the login', async () => {
    const given = { ...(await buildOf(0)), registry: echo.host, 'registry-password': PASSWORD };
    const secrets = { 'build-secrets': PLANTED['build-secrets']!() };
    const done = await inAction('build', { ...given, ...secrets });
    const deployed = await onCommandLine(['deploy'], {
      ...(await releaseOf('refused')),
      ...given,
      ...secrets,
      'events-file': join(folder, 'refused/events.jsonl'),
    });
    expect(echo.refused).toContain(`${registry.username}:${PASSWORD}`);
    for (const said of [done.log, deployed.stdout]) expect(said).toMatch(/refused.*the login AWS:\*\*\*/);
    expect([done.exitCode, deployed.code]).toEqual([1, 1]);
    expect(marksIn(done, deployed, await everythingElse())).toEqual([]);
  });

  test("the repository's server", async () => {
    const server = inClone(`http://${echo.host}`);
    const given = { base: sources.base, 'github-token': TOKEN };
    const environment = { ...server, GITHUB_SHA: sources.head };
    const done = await inAction('changes', given, {
      ...environment,
      GITHUB_WORKSPACE: await sources.clone(),
    });
    const listed = await onCommandLine(['changes'], given, {
      cwd: await sources.clone(),
      env: environment,
    });
    expect(echo.refused).toContain(`x-access-token:${TOKEN}`);
    for (const said of [done.log, listed.stderr]) expect(said).toMatch(/git: .*the login \S+ \(basic/);
    expect(marksIn(done, listed, await everythingElse())).toEqual([]);
  });

  test("GitHub's API, or a webhook that is a gate", async () => {
    github.refuse = () => ({ status: 403, body: { message: `the token ${TOKEN} may not` } });
    webhook.refuse = ({ url }) => `the URL ${url} is wrong`;
    const given = { ...(await releaseOf('echo')), ...NOTIFIED, image: IMAGE };
    const secrets = { 'github-token': TOKEN, webhook: PLANTED['webhook']!() };
    const done = await inAction('', { ...given, ...secrets });
    webhook.refuse = null;
    expect([done.exitCode, done.outputs['outcome']]).toEqual([1, 'rolled-back']);
    expect(done.log).toMatch(/the webhook answered 403: the URL .*\*\*\*/);
    expect(done.log).toMatch(/the token \*\*\* may not/);
    expect(marksIn(done, await everythingElse())).toEqual([]);
  });
});

describe('a mistake in a secret input does not show it', () => {
  const withSecrets = actions.filter(({ definitions }) => secretNames(definitions).length > 0);

  test.each(
    withSecrets.map(({ folder: name, definitions }) => [name || 'main', { name, definitions }] as const),
  )('of the action %s', async (_, { name, definitions }) => {
    const done = await inAction(name, { ...wrong(definitions), 'environment-variables': secret('variable') });
    expect(done.exitCode).toBe(1);
    for (const input of secretNames(definitions)) expect(done.log).toContain(`${input}: `);
    expect(marksIn(done)).toEqual([]);
  });

  test('of any command', async () => {
    for (const command of Object.keys(COMMANDS)) {
      const names = secretNames(await optionsOf(command));
      if (names.length === 0) continue;
      const done = await onCommandLine([command], wrong(await optionsOf(command)));
      expect([command, done.code]).toEqual([command, 2]);
      for (const name of names) expect(done.stderr).toContain(`--${name}: `);
      expect(marksIn(done)).toEqual([]);
    }
  });

  test('a value of secrets that is not a reference', async () => {
    const done = await inAction('', { ...PLACE, image: IMAGE, secrets: `DB_PASSWORD=${secret('$1')}` });
    expect([done.exitCode, done.log]).toEqual([1, expect.stringContaining('is not a reference to a secret')]);
    expect(marksIn(done)).toEqual([]);
  });
});
