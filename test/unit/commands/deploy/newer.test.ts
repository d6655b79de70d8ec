import { StopServiceDeploymentCommand } from '@aws-sdk/client-ecs';
import { afterEach, expect, jest, test } from '@jest/globals';
import { taskDefinitionRequest } from '../../../support/task-definitions.ts';
import type { DeployContext } from '../../../../src/commands/deploy/context.ts';
import type { Request, Source } from '../../../../src/core/request.ts';
import { deployOne } from '../../../../src/commands/run/deploy-one.ts';
import { identify } from '../../../../src/core/run.ts';
import type { Relation } from '../../../../src/commands/deploy/commit-order/commit-order.ts';
import { planOf } from '../../../../src/report/plan.ts';
import { prepareTaskDefinition } from '../../../../src/aws/task-definition/task-definition.ts';
import { MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import { createTrail } from '../../../../src/core/trail/trail.ts';
import { BLUE_GREEN, openDeployedSandbox, type DeployedSandbox } from '../../../support/deployed-sandbox.ts';
import { rolloutRequest } from '../../../support/rollout-request.ts';

jest.setTimeout(60_000);

const OLD = '1'.repeat(40);
const NEW = '2'.repeat(40);
const STRANGE = '3'.repeat(40);
const IMAGE = `registry.example.com/shop/web@sha256:${'b'.repeat(64)}`;

let sandbox: DeployedSandbox;
afterEach(() => sandbox?.close());

/** The service runs NEW, which a workflow run deployed. */
async function newIsLive(): Promise<string> {
  sandbox = await openDeployedSandbox({ versions: { [IMAGE]: {} } });
  const arn = await sandbox.release('newer', NEW);
  await sandbox.until(sandbox.deploy(arn));
  return arn;
}

function source(commit: string | null, different: Partial<Source> = {}): Source {
  return {
    commit,
    repositoryUrl: 'https://github.com/shop/web',
    committedAt: null,
    runUrl: 'https://github.com/shop/web/actions/runs/4711',
    actor: 'kim',
    count: { workflow: 'shop/web/.github/workflows/deploy.yml', number: 811 },
    ...different,
  };
}

/** The answer of git: OLD is an ancestor of NEW. */
const relate = (one: string, other: string): Relation | null =>
  one === OLD && other === NEW ? 'older' : one === NEW && other === OLD ? 'newer' : null;

const nobodyKnows = async () => ({ relation: null, says: 'there is no GitHub token' });
const isNewer = async () => ({ relation: 'newer' as const, says: 'git' });

/** Runs the whole job; returns its outcome and its AWS calls. */
async function release(different: Partial<Request>, ports: Partial<DeployContext> = {}) {
  const { clients, clock, wire } = sandbox;
  const trail = createTrail({ clock, file: null });
  const request: Request = {
    service: 'web',
    cluster: 'shop',
    image: { kind: 'given', reference: IMAGE },
    taskDefinition: taskDefinitionRequest(),
    rollout: quick(),
    access: { region: null, role: null, chaining: false },
    source: source(OLD),
    dryRun: false,
    eventsFile: '/dev/null',
    summaryFile: '/dev/null',
    recordingFile: '/dev/null',
    ...different,
  };
  const before = wire.calls.length;
  const work = deployOne(
    { request, trail },
    {
      connect: () => clients,
      sessionEnd: 'never',
      docker: () => Promise.reject(new Error('nothing is built')),
      clock,
      run: identify({ ECS_RAMP_CLAIM_WAIT: '1' }),
      ancestry: async (one, other) => ({ relation: relate(one, other), says: 'git' }),
      log: { say() {}, group() {}, endGroup() {} },
      mask() {},
      cancelled: new AbortController().signal,
      ...ports,
    },
  );
  await sandbox.until(work);
  const end = trail.events.findLast((event) => event.kind === 'finished')!;
  const notices = trail.events.flatMap((event) => (event.kind === 'notice' ? [event.message] : []));
  const calls = wire.calls.slice(before).map(({ operation }) => operation);
  return { end, notices, calls, events: trail.events };
}

const quick = (different: Partial<Request['rollout']> = {}) =>
  rolloutRequest({ steps: [100], keepOld: 0, stepTimeout: 10 * MINUTE, ...different });

const BUILT: Request['image'] = {
  kind: 'build',
  context: '/nowhere',
  file: '/nowhere/Dockerfile',
  target: null,
  buildArgs: {},
  buildSecrets: {},
  labels: {},
  platforms: [],
  cacheFrom: [],
  reuse: false,
  tags: [OLD],
  push: { repository: 'shop/web', registry: null, username: null, password: null },
};

test('an older commit is refused before anything is built or written, with the fix in the reason', async () => {
  const live = await newIsLive();
  const { end, calls, events } = await release({ image: BUILT });
  expect(end.outcome).toBe('failed');
  expect(end.reason).toBe(
    'The live release is newer: this is commit 1111111 (run 811, https://github.com/shop/web/actions/runs/4711), and service web runs commit 2222222 (https://github.com/shop/web/actions/runs/newer): this commit is an ancestor of the live commit, according to git. Nothing was started (on-newer: fail). To deploy the older commit anyway, start the workflow by hand on this commit, or set on-newer: deploy.',
  );
  expect(calls.filter((name) => !/^(Describe|List|Get)/.test(name))).toEqual([]);
  // Not even the repository of the image was read.
  expect(calls).not.toContain('DescribeRepositories');
  expect(events.map(({ kind }) => kind)).not.toContain('built');
  expect(await sandbox.currentTaskDefinition()).toBe(live);
});

test.each<[string, Partial<Request>]>([
  [
    'the workflow was started by hand',
    { source: source(OLD, { meant: 'the workflow was started by hand' }) },
  ],
  ['on-newer: deploy', { rollout: quick({ onNewer: 'deploy' }) }],
])('an older commit is deployed if that is intended, by %s, with one notice', async (how, different) => {
  await newIsLive();
  const { end, notices } = await release(different);
  expect(end.outcome).toBe('deployed');
  expect(notices).toEqual([
    expect.stringContaining(`This deploys an older commit, as intended (${how}): this is commit 1111111`),
  ]);
});

test('a re-run deploys an older commit that was live before', async () => {
  sandbox = await openDeployedSandbox({ versions: { [IMAGE]: {} } });
  await sandbox.until(sandbox.deploy(await sandbox.release('older', OLD)));
  await sandbox.until(sandbox.deploy(await sandbox.release('newer', NEW)));
  const { end, notices } = await release({ source: source(OLD, { attempt: 2 }) });
  expect(end.outcome).toBe('deployed');
  expect(notices).toEqual([
    expect.stringContaining('as intended (attempt 2 of a run whose commit was live before)'),
  ]);
});

test('a re-run of a failed run is refused: its commit was never live', async () => {
  const live = await newIsLive();
  const { end } = await release({ source: source(OLD, { attempt: 2 }) });
  expect(end).toMatchObject({
    outcome: 'failed',
    reason: expect.stringMatching(/^The live release is newer: /),
  });
  expect(await sandbox.currentTaskDefinition()).toBe(live);
});

test('a newer commit is deployed without a notice and without additional calls', async () => {
  sandbox = await openDeployedSandbox({ versions: { [IMAGE]: {} } });
  await sandbox.until(sandbox.deploy(await sandbox.release('older', OLD)));
  const { end, notices, calls } = await release({ source: source(NEW) });
  expect(end.outcome).toBe('deployed');
  expect(notices).toEqual([]);
  const read = calls
    .slice(0, calls.indexOf('UpdateService'))
    .filter((name) => name.endsWith('TaskDefinition'));
  // The size of the tasks, for the Fargate quota; the commit; and the new revision.
  expect(read).toEqual([...Array(3).fill('DescribeTaskDefinition'), 'RegisterTaskDefinition']);
});

test('an unknown order is deployed, with one notice', async () => {
  await newIsLive();
  const { end, notices } = await release({ source: source(STRANGE) }, { ancestry: nobodyKnows });
  expect(end.outcome).toBe('deployed');
  expect(notices).toEqual([
    expect.stringMatching(
      /^It is not known whether this release is older than the live release, so the deployment continues: .* no GitHub token\.$/,
    ),
  ]);
});

test('without a known live commit, there is no notice', async () => {
  sandbox = await openDeployedSandbox({ versions: { [IMAGE]: {} } });
  const { end, notices } = await release({});
  expect(end.outcome).toBe('deployed');
  expect(notices).toEqual([]);
});

test('a release that is already live is unchanged, not refused, even if a newer commit deployed it', async () => {
  sandbox = await openDeployedSandbox({ versions: { [IMAGE]: {} } });
  await sandbox.until(sandbox.deploy(await sandbox.release(IMAGE, NEW)));
  expect((await release({})).end.outcome).toBe('unchanged');
});

test('a newer release by another tool is found just before the rollout starts', async () => {
  sandbox = await openDeployedSandbox({ versions: { [IMAGE]: {} } });
  const newer = await sandbox.release('newer', NEW);
  const { end, calls } = await release(
    {},
    {
      async release(preparation) {
        await sandbox.deploy(newer);
        return prepareTaskDefinition(preparation);
      },
    },
  );
  expect(end).toMatchObject({
    outcome: 'failed',
    reason: expect.stringMatching(/^The live release is newer: /),
  });
  expect(calls).not.toContain('UpdateService');
  expect(await sandbox.currentTaskDefinition()).toBe(newer);
});

test('a newer release in progress is waited for, and counts only after success', async () => {
  sandbox = await openDeployedSandbox({ versions: { [IMAGE]: {} } });
  const newer = await sandbox.release('newer', NEW);
  await sandbox.start(newer, { ...BLUE_GREEN, bakeTimeInMinutes: 5 });
  await sandbox.clock.advance(2 * MINUTE);
  const { end, events } = await release({});
  expect(events).toContainEqual(
    expect.objectContaining({
      kind: 'waiting',
      what: expect.stringContaining('another deployment to end'),
    }),
  );
  expect(end.reason).toMatch(/^The live release is newer: .* runs commit 2222222/);
  expect(await sandbox.currentTaskDefinition()).toBe(newer);
});

test('a newer release that keeps its old revision goes on keeping it', async () => {
  sandbox = await openDeployedSandbox({ versions: { [IMAGE]: {} } });
  const newer = await sandbox.release('newer', NEW);
  await sandbox.until(sandbox.ramp(newer, 100));
  const { end, calls } = await release({ image: BUILT });
  expect(end.reason).toMatch(/^The live release is newer: .* runs commit 2222222/);
  expect(calls).not.toContain('ContinueServiceDeployment');
  expect(await sandbox.newest()).toMatchObject({ stage: 'POST_PRODUCTION_TRAFFIC_SHIFT' });
});

test('a newer release that was rolled back does not prevent the deployment', async () => {
  sandbox = await openDeployedSandbox({ versions: { [IMAGE]: {} } });
  await sandbox.until(sandbox.ramp(await sandbox.release('newer', NEW), 10));
  const { arn } = await sandbox.newest();
  const ecs = await sandbox.bystander.ecs();
  sandbox.clock.after(30 * SECOND, () => {
    void ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: 'ROLLBACK' }));
  });
  expect((await release({})).end.outcome).toBe('deployed');
});

test('a dry run reports the order', async () => {
  await newIsLive();
  const older = planOf((await release({ dryRun: true, image: BUILT })).events);
  expect(older).toMatchObject({
    possible: false,
    problems: [expect.stringMatching(/^The live release is newer/)],
  });
  const same = planOf((await release({ dryRun: true, source: source(NEW) })).events);
  expect(same).toMatchObject({
    possible: true,
    notices: [expect.stringMatching(/this release is the live release/)],
  });
  const { events } = await release({ dryRun: true, source: source(STRANGE) }, { ancestry: isNewer });
  expect(planOf(events).notices).toEqual([
    expect.stringMatching(
      /^By commit order, this release is newer than the live release: .*: the live commit is an ancestor of this commit, according to git\.$/,
    ),
  ]);
});
