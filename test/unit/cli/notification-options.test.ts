import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Secret } from '../../../src/core/secrecy/secret.ts';
import { readNotificationSettings } from '../../../src/cli/notification-options.ts';
import { systemClock } from '../../../src/core/time/clock.ts';
import { startGitHubApi, type GitHubApi } from '../../support/github-api.ts';
import { createSimulatedAws, type SimulatedAws } from '../../support/simulated-aws.ts';
import { startWebhookServer, type WebhookServer } from '../../support/webhook-server.ts';
import { call } from './calls.ts';

const COMMIT = 'c'.repeat(40);
const cwd = mkdtempSync(join(tmpdir(), 'ecs-ramp-elsewhere-'));
const git = (...args: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    cwd,
    encoding: 'utf8',
  }).trim();

let github: GitHubApi;
let webhook: WebhookServer;
let aws: SimulatedAws;
let head: string;
beforeAll(async () => {
  git('init', '--quiet');
  git('remote', 'add', 'origin', 'git@github.com:example/shop.git');
  writeFileSync(join(cwd, 'readme'), '');
  git('add', '.');
  git('commit', '--quiet', '--message', 'first');
  head = git('rev-parse', 'HEAD');
  aws = await createSimulatedAws({ versions: {} });
});
afterAll(async () => {
  rmSync(cwd, { recursive: true });
  await aws.close();
});
beforeEach(async () => {
  [github, webhook] = await Promise.all([startGitHubApi(), startWebhookServer()]);
});
afterEach(() => Promise.all([github.close(), webhook.close()]));

/** Deploys a service that does not exist, which ends immediately, as in a Jenkins job. */
function inJenkins(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { GITHUB_API_URL = '' } = github.environment;
  const jenkins = {
    GIT_COMMIT: COMMIT,
    GIT_URL: 'https://x:pa55@github.com/example/shop.git',
    GITHUB_API_URL,
  };
  return call([...args, '--service', 'nope', '--cluster', 'shop'], {
    cwd,
    clock: systemClock,
    clients: aws.bystander,
    env: { AWS_REGION: 'eu-west-1', ECS_RAMP_CLAIM_WAIT: '0', ...jenkins, ...env },
  });
}
const statuses = () =>
  github.requests
    .filter(({ path }) => path.startsWith(`/repos/example/shop/statuses/${COMMIT}`))
    .map(({ body }) => `${body.context} ${body.state}`);
const RELEASE = ['deploy', '--image', 'registry.example.com/shop/web:1'];

test('a release in any CI sends notifications to GitHub and a webhook, and does not show the token', async () => {
  const args = [...RELEASE, '--commit-status', '--environment', 'production', '--webhook', webhook.url];
  const { code, stdout, stderr } = await inJenkins(args, { GITHUB_TOKEN: 'ghs_job' });
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(statuses().at(-1)).toBe('ecs-ramp/production/nope failure');
  expect(webhook.received).toMatchObject([
    { event: 'started', commit: COMMIT, repositoryUrl: 'https://github.com/example/shop' },
    { event: 'finished', outcome: 'failed' },
  ]);
  expect(stdout).not.toMatch(/ghs_job|s3cr3t|pa55/);
});

test('notifications that GitHub or the webhook reject are reported and do not affect the release', async () => {
  github.refuse = () => ({ status: 401, body: { message: 'Bad credentials' } });
  webhook.answerWith(404, 404);
  const args = [...RELEASE, '--commit-status', '--webhook', webhook.url];
  const { code, stderr } = await inJenkins(args, { GITHUB_TOKEN: 'ghp_s3cr3t' });
  expect(code).toBe(1);
  expect(stderr.split('\n')).toEqual([
    expect.stringMatching(/^GitHub did not accept the commit status \(.*\)\. The release is not affected\.$/),
    'The webhook did not accept a notification (it answered 404). The release is not affected.',
  ]);
});

test('if notifications on GitHub are not possible, the fix is reported; without such inputs GitHub is not called', async () => {
  const { stderr } = await inJenkins([...RELEASE, '--commit-status'], {
    GIT_URL: 'https://git.example.com/a/b',
  });
  expect(stderr).toBe('GitHub gets no notifications. Missing: the token (set GITHUB_TOKEN).');
  expect((await inJenkins(RELEASE, { GITHUB_TOKEN: 'ghp_s3cr3t' })).stderr).toBe('');
  expect(github.requests).toEqual([]);
});

test('a rollback sends notifications to a webhook too', async () => {
  const { code } = await inJenkins(['rollback', '--webhook', webhook.url]);
  expect(code).toBe(1);
  expect(webhook.received).toMatchObject([{ event: 'started', command: 'rollback' }, { event: 'finished' }]);
});

describe('the repository and the commit', () => {
  const NOWHERE = { commit: null, repositoryUrl: null, committedAt: null, runUrl: null, actor: null };
  const known = async (
    env: Readonly<Record<string, string>>,
    { given = null as string | null, source = {}, isOfCheckout = true, folder = cwd } = {},
  ) => {
    const values = { 'github-repository': given, 'github-token': new Secret('ghp_x'), 'commit-status': true };
    const told = await readNotificationSettings(
      { values },
      { source: { ...NOWHERE, ...source }, isOfCheckout },
      { env, cwd: folder },
    );
    const { GITHUB_REPOSITORY, GITHUB_SHA, GITHUB_API_URL } = told.env;
    return { GITHUB_REPOSITORY, GITHUB_SHA, GITHUB_API_URL, problem: told.problem };
  };

  test("come from the option, from GitHub's variables, from those of the CI, and then from the clone", async () => {
    const API = 'https://api.github.com';
    const source = { commit: COMMIT, repositoryUrl: 'https://github.com/ci/shop' };
    const env = { GITHUB_REPOSITORY: 'hub/shop' };
    expect(await known(env, { given: 'given/shop', source })).toEqual({
      GITHUB_REPOSITORY: 'given/shop',
      GITHUB_SHA: COMMIT,
      GITHUB_API_URL: API,
      problem: null,
    });
    expect(await known(env, { source })).toMatchObject({ GITHUB_REPOSITORY: 'hub/shop' });
    expect(await known({}, { source })).toMatchObject({ GITHUB_REPOSITORY: 'ci/shop' });
    expect(await known({})).toMatchObject({
      GITHUB_REPOSITORY: 'example/shop',
      GITHUB_SHA: head,
      problem: null,
    });
  });

  test('are not guessed for an existing image, or for a repository on a server other than GitHub', async () => {
    expect((await known({}, { isOfCheckout: false })).problem).toBe(
      'GitHub gets no notifications. Missing: the commit (give --commit).',
    );
    const source = { commit: COMMIT, repositoryUrl: 'https://gitlab.com/ci/shop' };
    expect((await known({}, { source, folder: tmpdir() })).problem).toBe(
      'GitHub gets no notifications. Missing: the repository (give --github-repository).',
    );
  });

  test.each([
    ['https://github.example.com', 'https://github.example.com/api/v3'],
    ['https://acme.ghe.com', 'https://api.acme.ghe.com'],
  ])('may be on %s', async (server, api) => {
    const source = { commit: COMMIT, repositoryUrl: `${server}/ci/shop` };
    expect(await known({ GITHUB_SERVER_URL: server }, { source })).toMatchObject({
      GITHUB_REPOSITORY: 'ci/shop',
      GITHUB_API_URL: api,
    });
  });
});
