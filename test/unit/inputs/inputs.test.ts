import { describe, expect, test } from '@jest/globals';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { InvalidInputs } from '../../../src/inputs/issue.ts';
import { requestFrom } from '../../support/request-from.ts';
import {
  build,
  BUILD,
  COMMIT,
  environmentOf,
  given,
  mistakeOf,
  issues,
  request,
  secrets,
  workspace,
} from './request.ts';
import { revealed } from '../../support/revealed.ts';

test('service and repository are sufficient: the commit is the tag, and all other inputs have defaults', () => {
  expect(request()).toEqual({
    service: 'web',
    cluster: 'default',
    image: {
      kind: 'build',
      context: workspace,
      file: `${workspace}/Dockerfile`,
      target: null,
      buildArgs: {},
      buildSecrets: {},
      labels: {},
      platforms: [],
      cacheFrom: [],
      reuse: false,
      tags: [COMMIT],
      push: { repository: 'shop/web', registry: null, username: null, password: null },
    },
    taskDefinition: { file: null, containerName: null, environmentVariables: {}, secrets: {}, forbid: [] },
    rollout: {
      strategy: 'canary',
      steps: [10, 30, 60, 90, 100],
      bakeTime: 300_000,
      stepTimeout: 1_800_000,
      startTimeout: 600_000,
      capacityTimeout: 1_800_000,
      keepOld: 600_000,
      gates: [],
      smokeTests: [],
      smokeTestUrl: null,
      judging: {
        metricPeriod: 60_000,
        metricDelay: 120_000,
        warmUp: 180_000,
        falseAlarmRate: 0.01,
        errorTolerance: 0.01,
        maxErrorRate: 0.05,
        latencyMargin: 1.2,
      },
      metrics: [],
      alarms: [],
      onInconclusive: 'rollback',
      onNoRoom: 'warn',
      containerLogs: 'show',
      onConflict: 'wait',
      conflictTimeout: 1_800_000,
      onCancel: 'rollback',
      onNewer: 'fail',
    },
    access: { region: null, role: null, chaining: false },
    source: { commit: COMMIT, repositoryUrl: null, committedAt: null, runUrl: null, actor: null },
    dryRun: false,
    eventsFile: '/runner/temp/ecs-ramp/web/events.jsonl',
    summaryFile: '/runner/temp/ecs-ramp/web/summary.md',
    recordingFile: '/runner/temp/ecs-ramp/web/recording.json',
  });
});

test('the runner and its defaults make the same request as a shell without them', () => {
  const byRunner = environmentOf({
    ...BUILD,
    'bake-time': '5m',
    steps: '10,30,60,90,100',
    tags: '',
    image: '',
  });
  const env = { GITHUB_SHA: COMMIT, RUNNER_TEMP: '/runner/temp' };
  expect(requestFrom({ env: { ...env, ...byRunner }, workspace })).toEqual(request());
});

const fileFor = (env: Record<string, string>) => request({}, { RUNNER_TEMP: '', ...env }).eventsFile;

test('outside of a runner, the reports are in a folder of the user, where nobody else can put links', () => {
  expect(fileFor({ HOME: '/home/kim' })).toBe('/home/kim/.local/state/ecs-ramp/web/events.jsonl');
  expect(fileFor({ HOME: '/home/kim', XDG_STATE_HOME: '/kim/state' })).toBe(
    '/kim/state/ecs-ramp/web/events.jsonl',
  );
  // The specification ignores relative paths.
  expect(fileFor({ HOME: '/home/kim', XDG_STATE_HOME: 'state' })).toBe(
    '/home/kim/.local/state/ecs-ramp/web/events.jsonl',
  );
  expect(fileFor({})).toBe(join(homedir(), '.local/state/ecs-ramp/web/events.jsonl'));
});

test('space around a value is removed, and a value of only space counts as not given', () => {
  expect(request({ 'bake-time': ' 7m\n', cluster: ' ' })).toMatchObject({
    cluster: 'default',
    rollout: { bakeTime: 420_000 },
  });
});

test('variables may have underscores instead of dashes', () => {
  expect(request({}, { INPUT_BAKE_TIME: '7m' }).rollout.bakeTime).toBe(420_000);
  expect(request({ 'bake-time': '7m' }, { INPUT_BAKE_TIME: '7m' }).rollout.bakeTime).toBe(420_000);
  expect(request({ 'bake-time': '' }, { INPUT_BAKE_TIME: '7m' }).rollout.bakeTime).toBe(420_000);
  expect(mistakeOf({ 'bake-time': '8m' }, { INPUT_BAKE_TIME: '7m' })).toBe(
    'bake-time: INPUT_BAKE-TIME and INPUT_BAKE_TIME are both set, with different values. Unset one of the two.',
  );
});

test('all mistakes are reported together, each with its input, and none twice', () => {
  const found = issues({
    service: '',
    repository: 'Shop',
    'bake-time': '5',
    'dry-run': 'yes',
    'build-args': 'A=1\nA=2\n=3',
    'on-conflict': 'die',
    'bake-tme': '1m',
  });
  expect(found.map(({ input }) => input).toSorted()).toEqual([
    'bake-time',
    'bake-tme',
    'build-args',
    'build-args',
    'dry-run',
    'on-conflict',
    'repository',
    'service',
  ]);
  const { message } = new InvalidInputs(found);
  expect(message).toMatch(/^8 inputs are wrong:\n/);
  for (const { text } of found) expect(message.split('\n')).toContain(text);
});

test('the error for a misspelled input suggests the correct name and does not show the value', () => {
  expect(mistakeOf({ 'registry-pasword': 'hunter2' })).toBe(
    'registry-pasword: there is no such input. Did you mean registry-password?',
  );
  expect(mistakeOf({ dockerfile: 'x' })).toContain('docs/inputs.md');
});

describe('AWS', () => {
  const role = 'arn:aws-us-gov:iam::123456789012:role/release/shop-web';

  test('uses the region of the environment unless aws-region is given', () => {
    const env = { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-2' };
    expect(request({}, env).access.region).toBe('eu-west-1');
    expect(request({}, { AWS_REGION: '', AWS_DEFAULT_REGION: 'eu-west-2' }).access.region).toBe('eu-west-2');
    expect(request({ 'aws-region': 'us-gov-west-1' }, env).access.region).toBe('us-gov-west-1');
  });

  test('uses the given role', () => {
    expect(request({ 'role-to-assume': role }).access).toMatchObject({ role, chaining: false });
    expect(request({ 'role-to-assume': role, 'role-chaining': 'true' }).access.chaining).toBe(true);
  });

  test('requires valid regions and roles', () => {
    expect(mistakeOf({ 'aws-region': 'Frankfurt' })).toMatch(
      /aws-region.*"Frankfurt" is not the name of an AWS region/,
    );
    expect(mistakeOf({ 'role-to-assume': 'shop-web' })).toMatch(
      /role-to-assume.*"shop-web" is not the ARN.*arn:aws:iam::/,
    );
    expect(mistakeOf({ 'role-chaining': 'true' })).toMatch(/role-chaining: it requires role-to-assume/);
  });
});

test('the source comes from the variables of the workflow', () => {
  const event = given(
    'event.json',
    JSON.stringify({ head_commit: { id: COMMIT, timestamp: '2026-11-01T10:00:00+01:00' } }),
  );
  const env = {
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'shop/mono',
    GITHUB_RUN_ID: '77',
    GITHUB_ACTOR: 'kim',
    GITHUB_EVENT_PATH: event,
  };
  expect(request({}, env).source).toEqual({
    commit: COMMIT,
    repositoryUrl: 'https://github.com/shop/mono',
    committedAt: '2026-11-01T10:00:00+01:00',
    runUrl: 'https://github.com/shop/mono/actions/runs/77',
    actor: 'kim',
  });
});

test.each([
  ['1', 'push', {}],
  ['2', 'push', { attempt: 2 }],
  ['1', 'workflow_dispatch', { meant: 'the workflow was started by hand' }],
])('attempt %s of a run by %s has the source %j', (attempt, event, expected) => {
  const { source } = request({}, { GITHUB_RUN_ATTEMPT: attempt, GITHUB_EVENT_NAME: event });
  const { meant, attempt: told } = source;
  expect({ ...(meant && { meant }), ...(told && { attempt: told }) }).toEqual(expected);
});

test('runs are counted by workflow file, regardless of the branch', () => {
  const workflow = 'shop/mono/.github/workflows/deploy.yml';
  const env = { GITHUB_WORKFLOW_REF: `${workflow}@refs/heads/main`, GITHUB_RUN_NUMBER: '812' };
  expect(request({}, env).source.count).toEqual({ workflow, number: 812 });
  expect(request({}, { ...env, GITHUB_RUN_NUMBER: '' }).source.count).toBeUndefined();
});

test.each([
  ['of another commit', JSON.stringify({ head_commit: { id: 'other', timestamp: '2026-11-01T10:00:00Z' } })],
  ['without a commit', '{"head_commit":null}'],
  ['that is no JSON', 'oops'],
])('an event %s does not provide the time of the commit', (_, text) => {
  expect(request({}, { GITHUB_EVENT_PATH: given('other-event.json', text) }).source.committedAt).toBeNull();
});

test('a missing event file is not a mistake', () => {
  expect(request({}, { GITHUB_EVENT_PATH: '/nowhere.json' }).source.committedAt).toBeNull();
});

test('a given image is not built', () => {
  const image = `registry.example.com:5000/shop/web@sha256:${'a'.repeat(64)}`;
  expect(request({ image, repository: '' }).image).toEqual({ kind: 'given', reference: image });
});

test('image and build inputs are mutually exclusive', () => {
  expect(mistakeOf({ image: 'shop/web:1', context: 'nowhere', 'build-args': 'A=1' })).toBe(
    'image: it is given together with build inputs (context, build-args, repository), but an existing image is not built. Remove image or the build inputs.',
  );
});

test('repository is required without image', () => {
  expect(mistakeOf({ repository: '' })).toMatch(
    /^repository: it is missing\. .* or give image to deploy an existing image\.$/,
  );
});

test('an invalid image does not cause an error about a missing repository', () => {
  expect(mistakeOf({ repository: '', image: 'shop/web' })).toContain('has no tag and no digest');
});

test('a tag is required without a commit', () => {
  expect(mistakeOf({}, { GITHUB_SHA: '' })).toMatch(/^tags: it is missing/);
  expect(build({ tags: 'v1' }, { GITHUB_SHA: '' }).tags).toEqual(['v1']);
});

test('context and file are relative to the workspace', () => {
  const file = given('services/web/Dockerfile', 'FROM scratch\n');
  expect(build({ context: 'services/web' })).toMatchObject({ context: `${workspace}/services/web`, file });
  expect(build({ context: '.', file: 'services/web/Dockerfile' })).toMatchObject({
    context: workspace,
    file,
  });
  expect(build({ context: 'services', file })).toMatchObject({ context: `${workspace}/services`, file });
});

test('errors for a missing context or file name the absolute path once', () => {
  expect(mistakeOf({ context: 'nowhere' })).toContain(`there is no directory ${workspace}/nowhere`);
  expect(mistakeOf({ file: 'docker/Dockerfile' })).toContain(
    `there is no file ${workspace}/docker/Dockerfile`,
  );
  given('empty/readme', '');
  expect(mistakeOf({ context: 'empty' })).toContain(`there is no file ${workspace}/empty/Dockerfile`);
  expect(issues({ context: 'nowhere', file: 'nor-this' })).toHaveLength(2);
});

test('registry, user name and password require each other', () => {
  const registry = 'registry.example.com:5000';
  expect(revealed(build({ registry, 'registry-username': 'ci', 'registry-password': 'pw' }).push)).toEqual({
    repository: 'shop/web',
    registry,
    username: 'ci',
    password: 'pw',
  });
  expect(mistakeOf({ registry, 'registry-username': 'ci' })).toMatch(/^registry-password: it is missing/);
  expect(mistakeOf({ registry, 'registry-password': 'hunter2' })).toMatch(
    /^registry-username: it is missing/,
  );
  expect(mistakeOf({ 'registry-username': 'ci', 'registry-password': 'hunter2' })).toMatch(
    /^registry: it is missing/,
  );
  expect(mistakeOf({ registry: '123456789012.dkr.ecr.eu-west-1.amazonaws.com' })).toContain(
    'Remove registry to use',
  );
  expect(build({ registry }).push).toMatchObject({ registry, username: null, password: null });
});

test('a dump of the request shows no secret input, and of gates only what they are', () => {
  const dumped = request({
    'build-secrets': 'npm=hunter2-a',
    registry: 'registry.example.com',
    'registry-username': 'ci',
    'registry-password': 'hunter2-b',
    gates: '0 webhook 1m https://u:hunter2-c@tests.example.com/run/hunter2-d\n0 command 1m ./t.sh hunter2-e',
  });
  for (const text of [JSON.stringify(dumped), inspect(dumped, { depth: null, showHidden: true })]) {
    expect(text).toContain('https://tests.example.com');
    expect(text).toContain('./t.sh');
    expect(text).not.toContain('hunter2');
  }
});

test('the password of a proxy is masked, also for commands', () => {
  expect(secrets({}, { HTTPS_PROXY: 'http://ci:hunter2@proxy.example.com' })).toContain('hunter2');
});

test('bake-time must be shorter than step-timeout; this is not checked if one of them is invalid', () => {
  expect(mistakeOf({ 'bake-time': '30m' })).toContain('30m is not shorter than step-timeout, 30m');
  expect(mistakeOf({ 'bake-time': '5', 'step-timeout': '2m' })).toContain('has no unit');
});

test('gates and smoke tests are rejected for a rolling strategy, in one error report', () => {
  const rolling = { strategy: 'rolling', gates: '10 approval 1h', 'smoke-test': '/health' };
  expect(issues(rolling)).toMatchObject([
    {
      input: 'gates',
      text: expect.stringMatching(
        /ECS replaces the tasks without a pause.* Remove it, or use strategy: canary/,
      ),
    },
    { input: 'smoke-test' },
  ]);
  expect(issues({ ...rolling, strategy: 'canary' })).toEqual([]);
  expect(request({ strategy: 'rolling' }).rollout.strategy).toBe('rolling');
});

test('a name cannot be both a variable and a secret of the container', () => {
  const found = mistakeOf({ 'environment-variables': 'A=1\nB=2', secrets: 'B=/shop/b' });
  expect(found).toContain('B is also in environment-variables');
});

function definitionWith(...names: string[]): string {
  return JSON.stringify({ family: 'web', containerDefinitions: names.map((name) => ({ name })) });
}

test('the task definition must exist, be JSON, and have the container', () => {
  const one = given('one.json', definitionWith('web'));
  given('two.json', definitionWith('web', 'envoy'));
  given('broken.json', '{\n  "family": "web",\n  oops\n}');

  expect(request({ 'task-definition': 'one.json' }).taskDefinition.file).toBe(one);
  expect(mistakeOf({ 'task-definition': 'none.json' })).toContain(`there is no file ${workspace}/none.json`);
  expect(mistakeOf({ 'task-definition': 'broken.json' })).toMatch(/^task-definition: .*broken\.json.*line 3/);
  expect(mistakeOf({ 'task-definition': 'two.json' })).toMatch(/^container-name: .*web, envoy/);
  expect(mistakeOf({ 'task-definition': 'two.json', 'container-name': 'wbe' })).toContain(
    'Did you mean "web"?',
  );
  expect(
    request({ 'task-definition': 'two.json', 'container-name': 'web' }).taskDefinition.containerName,
  ).toBe('web');
});

test('reports are written to the given paths, the summary by default in the folder of the trail', () => {
  expect(request({ 'events-file': 'out/trail.jsonl' })).toMatchObject({
    eventsFile: `${workspace}/out/trail.jsonl`,
    summaryFile: `${workspace}/out/summary.md`,
  });
  expect(request({ 'summary-file': '/tmp/s.md' }).summaryFile).toBe('/tmp/s.md');
});

test('secrets are masked as a whole and line by line, except short lines', () => {
  const key = '-----BEGIN KEY-----\nMIIEowIBAAKCAQEA\n}\n-----END KEY-----';
  const masked = secrets({
    registry: 'r.example.com',
    'registry-username': 'ci',
    'registry-password': 'pw',
    'build-secrets': `npm=t0ken=\n"key=${key}"`,
  });
  expect(new Set(masked)).toEqual(
    new Set(['pw', 't0ken=', key, '-----BEGIN KEY-----', 'MIIEowIBAAKCAQEA', '-----END KEY-----']),
  );
});

test('inputs that are not secret are not masked', () => {
  const given = { image: 'a:1', repository: '', secrets: 'DB_PASSWORD=/shop/db' };
  expect(secrets({ ...given, 'environment-variables': 'LOG_LEVEL=debug\nRELEASE=1' })).toEqual([]);
});

test('the URL of the webhook, the token, and variables that are called or look like a secret are masked', () => {
  const masked = secrets({
    webhook: 'https://hooks.example.com/T0/B0/abcdef',
    'github-token': 'ghp_personal',
    'environment-variables': 'DB_PASSWORD=hunter2\nDATABASE=postgres://u:hunter3@db/x\nPIN=1\nMODE=canary',
    'build-args': 'NPM_TOKEN=hunter4\nVERSION=1.2.3',
  });
  expect(masked).toEqual(
    expect.arrayContaining([
      'https://hooks.example.com/T0/B0/abcdef',
      'ghp_personal',
      'hunter2',
      'postgres://u:hunter3@db/x',
      'hunter4',
    ]),
  );
  for (const shown of ['1', 'canary', '1.2.3']) expect(masked).not.toContain(shown);
});
