import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createComplaints } from '../../../../src/report/github/complaints.ts';
import { createGitHub, type GitHubJob } from '../../../../src/report/github/github.ts';
import type { NotificationSettings } from '../../../../src/core/request.ts';
import { hurriedClock } from '../../../support/hurried-clock.ts';
import type { Event } from '../../../../src/core/trail/event.ts';
import {
  COMMIT,
  example,
  NOT_ACCESSIBLE,
  startGitHubApi,
  type GitHubApi,
} from '../../../support/github-api.ts';
import { rolloutRequest } from '../../../support/rollout-request.ts';
import { ARNS, begun, telling } from '../trails/telling.ts';
import { trails } from '../trails/trails.ts';
import { Secret } from '../../../../src/core/secrecy/secret.ts';

let github: GitHubApi;
beforeEach(async () => {
  github = await startGitHubApi();
  github.merged.set(COMMIT, 7);
});
afterEach(() => github.close());

const ALL: NotificationSettings = {
  token: new Secret('ghs_job'),
  deployment: true,
  commitStatus: true,
  comment: true,
  issueOnRollback: true,
  environment: 'production',
  environmentUrl: 'https://%7Bservice%7D.example.com/',
  webhook: null,
};
const RUN_URL = 'https://github.com/example/shop/actions/runs/1';

function subscriber({
  service = 'web',
  ...different
}: Partial<GitHubJob> & { readonly service?: string } = {}) {
  const complaints = createComplaints();
  const source = { commit: COMMIT, repositoryUrl: null, committedAt: null, runUrl: RUN_URL, actor: null };
  const show = createGitHub({
    request: { service, cluster: 'shop', rollout: rolloutRequest(), source },
    telling: ALL,
    env: github.environment,
    clock: hurriedClock,
    run: 'run-1',
    resumed: false,
    complaints,
    stop: new AbortController().signal,
    ...different,
  });
  return { show: show!, complaints };
}

/** Updates GitHub after each event of a trail. */
async function retell(events: readonly Event[], { show }: ReturnType<typeof subscriber>): Promise<void> {
  for (const [index] of events.entries()) await show(events.slice(0, index + 1), false);
  await show(events, true);
}

const states = () => github.deployments.map(({ state }) => state);
const calls = () =>
  github.requests.map(({ method, path, body }) =>
    [method, path.replace('/repos/example/shop', ''), body?.state, body?.description]
      .filter(Boolean)
      .join(' '),
  );

test('a successful release has a deployment with a status for each step, a commit status, and one comment on its pull request', async () => {
  const { complaints, ...all } = subscriber();
  await retell(trails.good(), { complaints, ...all });
  const id = github.deployments[0]?.id;
  expect(calls()).toEqual([
    `POST /statuses/${COMMIT} pending being built and checked`,
    `POST /statuses/${COMMIT} pending being rolled out`,
    'POST /deployments ecs-ramp',
    `POST /deployments/${id}/statuses in_progress the new tasks are starting`,
    `GET /commits/${COMMIT}/pulls`,
    'GET /issues/7/comments',
    'POST /issues/7/comments',
    `POST /deployments/${id}/statuses in_progress 10%: waiting for evidence`,
    `POST /deployments/${id}/statuses in_progress 30%: waiting for evidence`,
    `POST /deployments/${id}/statuses in_progress 60%: waiting for evidence`,
    `POST /deployments/${id}/statuses in_progress 90%: waiting for evidence`,
    `POST /deployments/${id}/statuses in_progress 100%: the old revision is kept for the time of keep-old`,
    expect.stringMatching(/^POST \/statuses\/\w+ success deployed after /),
    expect.stringMatching(/^POST \/deployments\/\d+\/statuses success deployed after /),
    expect.stringMatching(/^PATCH \/issues\/comments\/\d+$/),
    'GET /issues',
  ]);
  expect(github.requests[0]?.body).toMatchObject({ context: 'ecs-ramp/production/web', target_url: RUN_URL });
  expect(github.requests.at(-3)?.body).toMatchObject({
    environment_url: 'https://web.example.com/',
    log_url: RUN_URL,
  });
  expect(github.requests[2]?.body).toMatchObject({
    ref: COMMIT,
    environment: 'production/web',
    payload: {
      run: 'run-1',
      service: 'web',
      image: expect.stringContaining('@sha256:'),
      taskDefinition: expect.stringContaining('task-definition/web:42'),
      rollout: { steps: rolloutRequest().steps },
    },
  });
  expect(github.comments.get(7)).toHaveLength(1);
  expect(github.comments.get(7)?.[0]?.body).toContain('✅ web is deployed');
  expect(github.comments.get(7)?.[0]?.body).toContain('```mermaid');
  expect(complaints.inWords()).toBeNull();
});

test('the next release makes the previous deployment inactive, a release that is rolled back does not', async () => {
  await retell(trails.good(), subscriber({ run: '1' }));
  await retell(trails.errors(), subscriber({ run: '2' }));
  expect(states()).toEqual(['success', 'failure']);
  await retell(trails.good(), subscriber({ run: '3' }));
  expect(states()).toEqual(['inactive', 'inactive', 'success']);
});

test('a rollback opens one issue, the next rollback comments on it, and a successful release closes it', async () => {
  await retell(trails.errors(), subscriber({ run: '1' }));
  expect(github.requests.findLast(({ path }) => path.includes('/statuses/'))?.body.state).toBe('failure');
  expect(github.comments.get(7)?.[0]?.body).toContain('↩️ web is back on web:41');
  expect(github.issues).toMatchObject([
    { title: 'production/web was rolled back', state: 'open', labels: ['ecs-ramp'] },
  ]);
  expect(github.issues[0]?.body).toContain('1,493 requests');

  await retell(trails.slow(), subscriber({ run: '2' }));
  expect(github.issues).toHaveLength(1);
  expect(github.comments.get(100)).toMatchObject([{ body: expect.stringContaining('took longer than') }]);

  await retell(trails.good(), subscriber({ run: '3' }));
  expect(github.issues).toMatchObject([{ state: 'closed' }]);
});

const EARLIER = '89abcdef0123456789abcdef0123456789abcdef';

/** A rollback to the release of an earlier commit that still runs. */
function returning(commit: string | null = EARLIER): readonly Event[] {
  const to = { taskDefinitionArn: ARNS.before, commit, actor: 'ada', run: null };
  const from = { taskDefinitionArn: ARNS.after, commit: COMMIT, actor: 'bob', run: null };
  return telling()
    .tell({ ...begun, command: 'rollback' })
    .after(2_000)
    .tell({
      kind: 'rollback-planned',
      serviceDeploymentArn: ARNS.deployment,
      from,
      to,
      because: 'it is undone',
    })
    .tell({
      kind: 'rollback-requested',
      percent: 100,
      cause: 'request',
      reason: 'ada asked for the rollback',
    })
    .after(9_000)
    .tell({
      kind: 'finished',
      outcome: 'deployed',
      reason: 'It is back.',
      took: 11_000,
      canaryPercent: 0,
      oldRevisionUntil: null,
    }).events;
}

test('a rollback is a deployment of the earlier commit, and makes the other deployment inactive', async () => {
  await retell(trails.good(), subscriber({ run: '1' }));
  const before = github.requests.length;
  await retell(returning(), subscriber({ run: '2' }));
  expect(github.deployments).toMatchObject([
    { sha: COMMIT, state: 'inactive' },
    {
      sha: EARLIER,
      state: 'success',
      environment: 'production/web',
      payload: { taskDefinition: ARNS.before },
    },
  ]);
  const id = github.deployments[1]?.id;
  expect(calls().slice(before)).toEqual([
    'POST /deployments ecs-ramp',
    `POST /deployments/${id}/statuses in_progress being checked`,
    `POST /deployments/${id}/statuses in_progress the old revision is getting its traffic back`,
    `POST /deployments/${id}/statuses success back on web:41 (commit 89abcde, by ada) after 11s`,
  ]);
});

test('without a commit of the earlier release there is no deployment on GitHub', async () => {
  await retell(returning(null), subscriber());
  expect(github.requests).toEqual([]);
});

test.each([
  ['that a person cancelled', trails.cancelled],
  ['that never began', trails.buildFailed],
  ['that serves already', trails.unchanged],
  ['that found no room in the cluster', trails.noRoom],
])('a release %s opens no issue', async (_, trail) => {
  await retell(trail(), subscriber());
  expect(github.issues).toEqual([]);
});

test('a release that found no room is an error of the deployment and says that it was not tried', async () => {
  await retell(trails.noRoom(), subscriber());
  expect(calls()).toContainEqual(
    expect.stringMatching(
      /^POST \/deployments\/\d+\/statuses error .*The release was not tried: ECS found no room/,
    ),
  );
});

test('each service of a push writes its own comment, in any order', async () => {
  const web = subscriber();
  const api = subscriber({ service: 'api' });
  await Promise.all([retell(trails.good(), web), retell(trails.errors(), api)]);
  expect(
    github.comments
      .get(7)
      ?.map(({ body }) => body.split('\n')[0])
      .sort(),
  ).toEqual(['<!-- ecs-ramp production/api -->', '<!-- ecs-ramp production/web -->']);
});

test('a comment of another author with the same marker is not changed', async () => {
  const theirs = { id: 1, user: { type: 'User' as const }, body: '<!-- ecs-ramp production/web -->\nmine' };
  const many = Array.from({ length: 150 }, (_, id) => ({ id, user: theirs.user, body: 'LGTM' }));
  github.comments.set(7, [theirs, ...many]);
  await retell(trails.good(), subscriber());
  expect(github.comments.get(7)?.[0]?.body).toContain('mine');
  expect(github.comments.get(7)).toHaveLength(152);
});

test('a dry run only writes its plan into the comment', async () => {
  await retell(trails.dryRun(), subscriber());
  expect(github.requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'POST']);
  expect(github.comments.get(7)?.[0]?.body).toContain('Dry run: web would be deployed');
});

test('a pull request workflow uses that pull request and its head commit, not GitHub’s test merge', async () => {
  const pull_request = example('pull_request', 'pull_request');
  const folder = await mkdtemp(join(tmpdir(), 'github-'));
  const file = join(folder, 'event.json');
  await writeFile(file, JSON.stringify({ action: 'opened', number: 2, pull_request }));
  const env = { ...github.environment, GITHUB_EVENT_PATH: file };
  await retell(trails.dryRun(), subscriber({ env }));
  expect(calls()).toEqual(['GET /issues/2/comments', 'POST /issues/2/comments']);

  await retell(trails.unchanged(), subscriber({ env }));
  expect(calls()).toContain(
    'POST /statuses/ec26c3e57ca3a959ca5aad62de7213c562f8c821 success unchanged: the service already runs this release',
  );
  expect(github.comments.get(2)).toHaveLength(1);
  await rm(folder, { recursive: true });
});

test('a commit without a pull request has no comment, without an error', async () => {
  github.merged.clear();
  const { complaints, show } = subscriber({ telling: { ...ALL, issueOnRollback: false } });
  await retell(trails.good(), { complaints, show });
  expect(github.requests.filter(({ path }) => path.includes('/issues'))).toEqual([]);
  expect(complaints.inWords()).toBeNull();
});

test('a post step finds what the main step created before it was killed, and creates the rest', async () => {
  const events = trails.errors();
  for (let killed = 1; killed <= events.length; killed++) {
    const run = `run-${killed}`;
    const main = subscriber({ run });
    await main.show(events.slice(0, killed), false);
    await subscriber({ run, resumed: true }).show(events, true);
  }
  const runs = github.deployments.map(({ payload }) => Reflect.get(Object(payload), 'run'));
  expect(runs).toEqual(events.map((_, index) => `run-${index + 1}`));
  expect(github.deployments.every(({ state }) => state === 'failure')).toBe(true);
  expect(github.comments.get(7)).toHaveLength(1);
  expect(github.issues).toHaveLength(1);
});

test('a forbidden call is made once, and reported once with the missing permissions', async () => {
  github.refuse = ({ method }) => (method === 'GET' ? null : NOT_ACCESSIBLE);
  const { complaints, show } = subscriber();
  await retell(trails.errors(), { complaints, show });
  expect(calls().filter((call) => call.startsWith('POST'))).toHaveLength(4);
  expect(complaints.inWords()).toBe(
    'GitHub did not accept the commit status (403: Resource not accessible by integration), the deployment (403: Resource not accessible by integration), the comment (403: Resource not accessible by integration), the issue (403: Resource not accessible by integration). The release is not affected. The job needs permissions: statuses: write, deployments: write, pull-requests: write, issues: write.',
  );
});

test('a lost answer creates no duplicates', async () => {
  const lost = new Set<string>();
  const { complaints, show } = subscriber();
  const events = trails.errors();
  github.lose = ({ method, path }) => {
    const isFirst = method === 'POST' && !lost.has(path);
    lost.add(path);
    return isFirst;
  };
  await show(events, true);
  expect([...lost]).toContain('/repos/example/shop/issues');
  expect(github.deployments).toHaveLength(1);
  expect(github.comments.get(7)).toHaveLength(1);
  expect(github.issues).toHaveLength(1);
  expect(complaints.inWords()).toBeNull();
});

test('a rate limit is respected: no calls before its end, and no waiting for its end', async () => {
  const headers = {
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 900),
  };
  github.refuse = () => ({
    status: 403,
    headers,
    body: { message: 'API rate limit exceeded for installation.' },
  });
  const { complaints, show } = subscriber();
  await retell(trails.good(), { complaints, show });
  // The first call, and one more attempt at the end.
  expect(github.requests).toHaveLength(2);
  expect(complaints.inWords()).toBe(
    'GitHub did not accept the commit status (403: API rate limit exceeded for installation.). The release is not affected.',
  );
});

test('an unreachable GitHub is reported at the end, after some attempts', async () => {
  const gone = await startGitHubApi();
  await gone.close();
  const env = { ...github.environment, ...gone.environment };
  const { complaints, show } = subscriber({ env });
  await retell(trails.good(), { complaints, show });
  expect(complaints.inWords()).toMatch(
    /^GitHub did not accept the commit status \(.+\)\. The release is not affected\.$/,
  );
});

test.each<[string, Partial<GitHubJob>]>([
  ['without a token', { telling: { ...ALL, token: null } }],
  [
    'where nothing is asked for',
    { telling: { ...ALL, deployment: false, commitStatus: false, comment: false, issueOnRollback: false } },
  ],
  ['outside of GitHub', { env: {} }],
])('%s there is nothing to show', (_, different) => {
  expect(subscriber(different).show).toBeNull();
});
