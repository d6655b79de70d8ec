// A private repository: its server demands the token, as GitHub's does.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { changesRequest } from '../../../../src/commands/changes/from-inputs.ts';
import { findChanges } from '../../../../src/commands/changes/changes.ts';
import { changesAction } from '../../../../src/inputs/actions/changes.ts';
import { readInputs } from '../../../../src/inputs/check.ts';
import { type ActionRunner, createActionRunner } from '../../../support/actions-from-source.ts';
import { type GitServer, startGitServer } from '../../../support/git-server.ts';

const TOKEN = 'ghs_token-of-the-job';
const HEADER = `basic ${Buffer.from(`x-access-token:${TOKEN}`).toString('base64')}`;
const NONE = '0'.repeat(40);
const CONFIG = `services: { api: { context: api }, web: { context: web } }\n`;

let temp: string;
let server: GitServer;
let work: string;
const commits: Record<string, string> = {};

const run = promisify(execFile);
async function git(folder: string, ...args: readonly string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: temp, GIT_TERMINAL_PROMPT: '0' };
  const { stdout } = await run('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], {
    cwd: folder,
    env,
  });
  return stdout.trim();
}

async function commit(name: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(work, path)), { recursive: true });
    await writeFile(join(work, path), text);
  }
  await git(work, 'add', '--all');
  await git(work, 'commit', '-q', '-m', name);
  commits[name] = await git(work, 'rev-parse', 'HEAD');
}

const authenticated = () => ['-c', `http.${server.url}/.extraheader=AUTHORIZATION: ${HEADER}`] as const;

interface Checkout {
  /** Options of `git fetch`. */
  readonly options?: readonly string[];
  /** As `actions/checkout` stores the token. */
  readonly persisted?: string;
  readonly remote?: string;
}

/** As `actions/checkout` with `persist-credentials: false`: one commit, and no token in the clone. */
async function checkout(
  name: string,
  { options = ['--depth=1'], persisted, remote }: Checkout = {},
): Promise<string> {
  const folder = await mkdtemp(join(temp, 'clone-'));
  const url = `${server.url}/shop/web`;
  await git(folder, 'init', '-q');
  await git(folder, 'remote', 'add', 'origin', url);
  await git(folder, ...authenticated(), 'fetch', '-q', ...options, 'origin', commits[name]!);
  await git(folder, ...authenticated(), 'checkout', '-q', '--detach', commits[name]!);
  if (remote !== undefined) await git(folder, 'remote', 'set-url', 'origin', remote);
  if (persisted !== undefined) {
    await git(folder, 'config', `http.${server.url}/.extraheader`, `AUTHORIZATION: ${persisted}`);
  }
  return folder;
}

beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'ecs-ramp-private-'));
  const bare = join(temp, 'shop/web.git');
  work = join(temp, 'work');
  await mkdir(work);
  await git(temp, 'init', '-q', '--bare', bare);
  for (const setting of ['uploadpack.allowAnySHA1InWant', 'uploadpack.allowFilter'])
    await git(bare, 'config', setting, 'true');
  // GitHub serves a repository with and without .git at the end.
  await run('ln', ['-s', bare, join(temp, 'shop/web')]);
  await git(work, 'init', '-q', '-b', 'main');
  await commit('first', { 'ecs-ramp.yml': CONFIG, 'api/a': '1', 'web/a': '1' });
  await commit('api', { 'api/a': '2' });
  await commit('web', { 'web/a': '2' });
  await git(work, 'checkout', '-q', '-b', 'feature', commits['api']!);
  await commit('feature', { 'api/a': '3' });
  await git(work, 'push', '-q', bare, 'main', 'feature');
  server = await startGitServer(temp, TOKEN);
});
afterAll(async () => {
  await server.close();
  await rm(temp, { recursive: true });
});

let eventFiles = 0;
interface Job {
  readonly event?: string;
  readonly payload: object;
  readonly token?: string | null;
  readonly serverUrl?: string;
}

async function environmentOf({ event = 'push', payload, token = TOKEN, serverUrl = server.url }: Job) {
  const file = join(temp, `event-${(eventFiles += 1)}.json`);
  await writeFile(file, JSON.stringify(payload));
  return {
    GITHUB_SERVER_URL: serverUrl,
    GITHUB_REPOSITORY: 'shop/web',
    GITHUB_EVENT_NAME: event,
    GITHUB_EVENT_PATH: file,
    GITHUB_REF_TYPE: 'branch',
    GITHUB_REF_NAME: 'main',
    ...(token !== null && { 'INPUT_GITHUB-TOKEN': token }),
  };
}

async function changes(workspace: string, job: Job) {
  const parsed = await readInputs(changesAction, { env: await environmentOf(job), workspace });
  const { touched, warning } = await findChanges(await changesRequest(parsed));
  return { services: touched.map(({ service }) => service), warning };
}

const push = (before: string, after: string) => ({
  ref: 'refs/heads/main',
  before: commits[before] ?? before,
  after: commits[after],
  repository: { default_branch: 'main' },
});
const ONLY_WEB = { services: ['web'], warning: null };
const GITHUB_VARIABLES = { ...process.env };
afterEach(() => {
  process.env = { ...GITHUB_VARIABLES };
});

describe("the job's token fetches what a checkout without credentials cannot", () => {
  test('for a push', async () => {
    const clone = await checkout('web');
    expect(await changes(clone, { payload: push('api', 'web') })).toEqual(ONLY_WEB);
    expect(await readFile(join(clone, '.git/config'), 'utf8')).not.toMatch(/extraheader/i);
  });

  test('for a pull request and the first push of a branch, which need the history', async () => {
    const pull_request = { base: { sha: commits['web'] }, head: { sha: commits['feature'] } };
    const onPull = await changes(await checkout('feature'), {
      event: 'pull_request',
      payload: { pull_request },
    });
    expect(onPull).toEqual({ services: ['api'], warning: null });
    const payload = { ...push(NONE, 'feature'), ref: 'refs/heads/feature' };
    expect(await changes(await checkout('feature'), { payload })).toEqual({
      services: ['api'],
      warning: null,
    });
  });

  test('for a merge queue', async () => {
    const merge_group = { base_sha: commits['api'], head_sha: commits['web'], base_ref: 'refs/heads/main' };
    const found = await changes(await checkout('web'), { event: 'merge_group', payload: { merge_group } });
    expect(found).toEqual(ONLY_WEB);
  });

  test.each(['blob:none', 'tree:0'])('in a partial clone with %s', async (filter) => {
    for (const depth of [['--depth=1'], []]) {
      const clone = await checkout('web', { options: [`--filter=${filter}`, ...depth] });
      expect(await changes(clone, { payload: push('api', 'web') })).toEqual(ONLY_WEB);
    }
  });

  test('when the remote of the clone is reached in another way', async () => {
    const clone = await checkout('web', { remote: join(temp, 'gone.git') });
    expect(await changes(clone, { payload: push('api', 'web') })).toEqual(ONLY_WEB);
  });

  test('when the clone has a token that is no longer valid, without sending two headers', async () => {
    const clone = await checkout('web', { persisted: 'basic b2xk' });
    expect(await changes(clone, { payload: push('api', 'web') })).toEqual(ONLY_WEB);
  });

  test('besides configuration in variables that the job already has', async () => {
    Object.assign(process.env, {
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.abbrev',
      GIT_CONFIG_VALUE_0: '9',
    });
    expect(await changes(await checkout('web'), { payload: push('api', 'web') })).toEqual(ONLY_WEB);
  });
});

test("the token is sent to the repository's server only, and not if the clone has what is required", async () => {
  const other = await startGitServer(temp, null);
  try {
    const clone = await checkout('web', { remote: `${other.url}/shop/web` });
    expect(await changes(clone, { payload: push('api', 'web') })).toEqual(ONLY_WEB);
    expect(other.headers.length).toBeGreaterThan(0);
    expect(new Set(other.headers)).toEqual(new Set([null]));

    const whole = await checkout('web', { options: [] });
    const before = server.headers.length;
    expect(await changes(whole, { payload: push('api', 'web') })).toEqual(ONLY_WEB);
    expect(server.headers.length).toBe(before);
  } finally {
    await other.close();
  }
});

const everything = (why: RegExp) => ({
  services: ['api', 'web'],
  warning: expect.stringMatching(why),
});

describe('if the changes are not known, every service counts as touched and a warning says why', () => {
  test('without a token', async () => {
    expect(await changes(await checkout('web'), { payload: push('api', 'web'), token: null })).toEqual(
      everything(
        /could not be fetched.*\(git: .*\)\. To compare commits, set github-token, or check out with/,
      ),
    );
  });

  test('with a token that may not read the repository', async () => {
    const found = await changes(await checkout('web'), { payload: push('api', 'web'), token: 'ghs_other' });
    expect(found).toEqual(everything(/To compare commits, allow the job to read .*contents: read/));
    expect(found.warning).not.toContain('ghs_other');
  });

  test('after a forced push that removed the commit', async () => {
    expect(await changes(await checkout('web'), { payload: push('d'.repeat(40), 'web') })).toEqual(
      everything(/ddddddd could not be fetched.*if a forced push removed the commit, give/),
    );
  });

  test('in a partial clone whose files cannot be read', async () => {
    const clone = await checkout('web', { options: ['--filter=tree:0'] });
    expect(await changes(clone, { payload: push('api', 'web'), token: null })).toEqual(
      everything(/the files of .* could not be read/),
    );
  });

  test('for workflow_run and the first push of the default branch', async () => {
    const clone = await checkout('web');
    const give = /To compare commits, give the commit to compare with as base/;
    expect(await changes(clone, { event: 'workflow_run', payload: {} })).toEqual(everything(give));
    expect(await changes(clone, { payload: push(NONE, 'web') })).toEqual(everything(give));
    expect(await changes(clone, { event: 'workflow_dispatch', payload: {} })).toEqual({
      services: ['api', 'web'],
      warning: null,
    });
  });
});

describe('the action', () => {
  let runner: ActionRunner;
  beforeAll(async () => {
    runner = await createActionRunner();
  });
  afterAll(() => runner.close());

  test('warns in an annotation', async () => {
    const clone = await checkout('web');
    const { 'INPUT_GITHUB-TOKEN': token, ...env } = await environmentOf({ payload: push('api', 'web') });
    const step = await runner.run(
      'changes',
      { config: 'ecs-ramp.yml', 'github-token': 'ghs_other' },
      { ...env, GITHUB_WORKSPACE: clone },
    );
    expect(step.exitCode).toBe(0);
    expect(JSON.parse(step.outputs['services']!)).toEqual(['api', 'web']);
    expect(step.annotations).toEqual([
      {
        level: 'warning',
        message: expect.stringContaining('could not be fetched'),
        properties: expect.anything(),
      },
    ]);
    const found = await runner.run(
      'changes',
      { config: 'ecs-ramp.yml', 'github-token': token! },
      { ...env, GITHUB_WORKSPACE: clone },
    );
    expect(found.annotations).toEqual([]);
    expect(JSON.parse(found.outputs['services']!)).toEqual(['web']);
  });
});
