import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { listen } from '../../../../../sandbox/wire/wire.ts';
import { openDeployedSandbox, type DeployedSandbox } from '../../../../support/deployed-sandbox.ts';
import { type ActionRunner, createActionRunner } from '../../../../support/actions-from-source.ts';
import { COMMIT, startGitHubApi, type GitHubApi } from '../../../../support/github-api.ts';
import { call } from '../../../cli/calls.ts';

// Processes of their own.
jest.setTimeout(30_000);

const IMAGE = `registry.example.com/shop/web@sha256:${'b'.repeat(64)}`;
const NEWER = '9'.repeat(40);

let actionRunner: ActionRunner;
let sandbox: DeployedSandbox;
let github: GitHubApi;
let server: Awaited<ReturnType<typeof listen>>;
beforeAll(async () => {
  actionRunner = await createActionRunner();
});
afterAll(() => actionRunner.close());
beforeEach(async () => {
  [sandbox, github] = await Promise.all([openDeployedSandbox(), startGitHubApi()]);
  github.history.push(COMMIT, NEWER);
  server = await listen(sandbox.wire, 0);
});
afterEach(() => Promise.all([server.close(), sandbox.close(), github.close()]));

/** A release of this commit is live. */
async function isLive(commit: string): Promise<void> {
  await sandbox.until(sandbox.deploy(await sandbox.release('live', commit)));
}

test.each([
  ['the main action', ''],
  ['deploy/', 'deploy'],
])(
  '%s compares the commits on GitHub with the job’s token, and refuses the older commit',
  async (_, folder) => {
    await isLive(NEWER);
    const inputs = { service: 'web', cluster: 'shop', image: IMAGE, 'github-token': 'ghs_job' };
    const { exitCode, outputs } = await actionRunner.run(folder, inputs, {
      ...github.environment,
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIATEST',
      AWS_SECRET_ACCESS_KEY: 'secret',
    });
    expect(exitCode).toBe(1);
    expect(outputs).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/The live release is newer: .* according to GitHub/),
    });
    const writes = sandbox.wire.calls.filter(({ operation }) => /^(Update|Tag|Register)/.test(operation));
    expect(writes).toEqual([]);
  },
);

/** `ecs-ramp plan`, in a folder and with the variables of a CI. */
function plan(cwd: string, env: Readonly<Record<string, string>>) {
  const { clients, clock, until } = sandbox;
  const place = ['--service', 'web', '--cluster', 'shop', '--aws-region', 'eu-west-1'];
  return until(call(['plan', ...place, '--image', IMAGE], { cwd, clients, clock, env }));
}

test('the command line compares commits on GitHub in any CI, even without notifications', async () => {
  await isLive(NEWER);
  const cwd = mkdtempSync(join(tmpdir(), 'no-clone-'));
  const { GITHUB_API_URL = '' } = github.environment;
  const env = {
    GIT_COMMIT: COMMIT,
    GIT_URL: 'https://github.com/example/shop.git',
    GITHUB_TOKEN: 'ghs_job',
    GITHUB_API_URL,
  };
  const { code, stdout } = await plan(cwd, env);
  rmSync(cwd, { recursive: true });
  expect(code).toBe(1);
  expect(stdout).toMatch(/The live release is newer: .* according to GitHub/);
});

test('the command line compares commits in its clone, and prints the fix for a CI without run numbers', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'clone-'));
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  git('init', '-q');
  const commit = () => {
    git('-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '-q', '--allow-empty', '-m', 'one more');
    return git('rev-parse', 'HEAD');
  };
  const older = commit();
  await isLive(commit());
  const { code, stdout } = await plan(cwd, { GIT_COMMIT: older });
  rmSync(cwd, { recursive: true });
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /The live release is newer: .* according to git\. .* To deploy the older commit anyway, set on-newer/,
  );
});
