import { StopServiceDeploymentCommand } from '@aws-sdk/client-ecs';
import { afterEach, expect, jest, test } from '@jest/globals';
import type { DeployContext } from '../../../../src/commands/deploy/context.ts';
import type { Request, Source } from '../../../../src/core/request.ts';
import { deployOne } from '../../../../src/commands/run/deploy-one.ts';
import { identify } from '../../../../src/core/run.ts';
import type { Relation } from '../../../../src/commands/deploy/commit-order/commit-order.ts';
import { planOf } from '../../../../src/report/plan.ts';
import { prepareTaskDefinition } from '../../../../src/aws/task-definition/task-definition.ts';
import { MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import { createTrail } from '../../../../src/core/trail/trail.ts';
import { openDeployedSandbox, type DeployedSandbox } from '../../../support/deployed-sandbox.ts';
import { rolloutRequest } from '../../../support/rollout-request.ts';

jest.setTimeout(60_000);

const OLD = '1'.repeat(40);
const NEW = '2'.repeat(40);
const STRANGE = '3'.repeat(40);
const IMAGE = `registry.example.com/shop/web@sha256:${'b'.repeat(64)}`;

let sandbox: DeployedSandbox;
afterEach(() => sandbox?.close());

/** The service runs NEW, which a workflow run brought. */
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

/** What git would say: OLD comes before NEW. */
const relate = (one: string, other: string): Relation | null =>
  one === OLD && other === NEW ? 'older' : one === NEW && other === OLD ? 'newer' : null;

const nobodyKnows = async () => ({ relation: null, says: 'there is no token to ask GitHub with' });
const isNewer = async () => ({ relation: 'newer' as const, says: 'git' });

/** The whole job; what became of it, and what it asked AWS for. */
async function release(different: Partial<Request>, ports: Partial<DeployContext> = {}) {
  const { clients, clock, wire } = sandbox;
  const trail = createTrail({ clock, file: null });
  const request: Request = {
    service: 'web',
    cluster: 'shop',
    image: { kind: 'given', reference: IMAGE },
    taskDefinition: { file: null, containerName: null, environmentVariables: {}, secrets: {} },
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
  tags: [OLD],
  push: { repository: 'shop/web', registry: null, username: null, password: null },
};

test('an older commit is refused before anything is built or written, and the reason says what to do', async () => {
  const live = await newIsLive();
  const { end, calls, events } = await release({ image: BUILT });
  expect(end.outcome).toBe('failed');
  expect(end.reason).toBe(
    'What is live is newer: this is commit 1111111 (run 811, https://github.com/shop/web/actions/runs/4711), and service web runs commit 2222222 (https://github.com/shop/web/actions/runs/newer): this is an ancestor of that, says git. Nothing was started (on-newer: fail), and nothing has to be done, unless going back is meant: then start the workflow by hand on this commit, or give on-newer: deploy.',
  );
  expect(calls.filter((name) => !/^(Describe|List|Get)/.test(name))).toEqual([]);
  // Not even where the image would go was asked.
  expect(calls).not.toContain('DescribeRepositories');
  expect(events.map(({ kind }) => kind)).not.toContain('built');
  expect(await sandbox.serves()).toBe(live);
});

test.each<[string, Partial<Request>]>([
  [
    'the workflow was started by hand',
    { source: source(OLD, { meant: 'the workflow was started by hand' }) },
  ],
  ['on-newer: deploy', { rollout: quick({ onNewer: 'deploy' }) }],
])('an older commit goes where that is meant, by %s, and says so once', async (how, different) => {
  await newIsLive();
  const { end, notices } = await release(different);
  expect(end.outcome).toBe('deployed');
  expect(notices).toEqual([
    expect.stringContaining(
      `This goes back to an older commit, as is meant (${how}): this is commit 1111111`,
    ),
  ]);
});

test('a run that is run again goes back to a commit that was live', async () => {
  sandbox = await openDeployedSandbox({ versions: { [IMAGE]: {} } });
  await sandbox.until(sandbox.deploy(await sandbox.release('older', OLD)));
  await sandbox.until(sandbox.deploy(await sandbox.release('newer', NEW)));
  const { end, notices } = await release({ source: source(OLD, { attempt: 2 }) });
  expect(end.outcome).toBe('deployed');
  expect(notices).toEqual([
    expect.stringContaining('as is meant (attempt 2 of a run whose commit was live before)'),
  ]);
});

test('a run that is run again because it failed does not go back: its commit was never live', async () => {
  const live = await newIsLive();
  const { end } = await release({ source: source(OLD, { attempt: 2 }) });
  expect(end).toMatchObject({ outcome: 'failed', reason: expect.stringMatching(/^What is live is newer: /) });
  expect(await sandbox.serves()).toBe(live);
});

test('a newer commit goes without a word, and costs not one call more', async () => {
  sandbox = await openDeployedSandbox({ versions: { [IMAGE]: {} } });
  await sandbox.until(sandbox.deploy(await sandbox.release('older', OLD)));
  const { end, notices, calls } = await release({ source: source(NEW) });
  expect(end.outcome).toBe('deployed');
  expect(notices).toEqual([]);
  const read = calls
    .slice(0, calls.indexOf('UpdateService'))
    .filter((name) => name.endsWith('TaskDefinition'));
  expect(read).toEqual(['DescribeTaskDefinition', 'DescribeTaskDefinition', 'RegisterTaskDefinition']);
});

test('what cannot be known is deployed, which is said once', async () => {
  await newIsLive();
  const { end, notices } = await release({ source: source(STRANGE) }, { ancestry: nobodyKnows });
  expect(end.outcome).toBe('deployed');
  expect(notices).toEqual([
    expect.stringMatching(
      /^Whether this is older than what is live is not known, so it goes on: .* no token to ask GitHub with\.$/,
    ),
  ]);
});

test('where what is live says nothing of itself, nothing is said', async () => {
  sandbox = await openDeployedSandbox({ versions: { [IMAGE]: {} } });
  const { end, notices } = await release({});
  expect(end.outcome).toBe('deployed');
  expect(notices).toEqual([]);
});

test('what is live already is unchanged, not refused, though a newer commit brought it', async () => {
  sandbox = await openDeployedSandbox({ versions: { [IMAGE]: {} } });
  await sandbox.until(sandbox.deploy(await sandbox.release(IMAGE, NEW)));
  expect((await release({})).end.outcome).toBe('unchanged');
});

test('somebody who was faster is seen just before the rollout begins', async () => {
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
  expect(end).toMatchObject({ outcome: 'failed', reason: expect.stringMatching(/^What is live is newer: /) });
  expect(calls).not.toContain('UpdateService');
  expect(await sandbox.serves()).toBe(newer);
});

test('a newer one that is on its way is waited for, and only counts when it has got there', async () => {
  sandbox = await openDeployedSandbox({ versions: { [IMAGE]: {} } });
  const newer = await sandbox.release('newer', NEW);
  await sandbox.until(sandbox.ramp(newer, 100));
  const { end, events } = await release({});
  expect(events).toContainEqual(
    expect.objectContaining({
      kind: 'waiting',
      what: expect.stringContaining('another deployment to end'),
    }),
  );
  expect(end.reason).toMatch(/^What is live is newer: .* runs commit 2222222/);
  expect(await sandbox.serves()).toBe(newer);
});

test('a newer one that was rolled back meanwhile keeps nobody from deploying', async () => {
  sandbox = await openDeployedSandbox({ versions: { [IMAGE]: {} } });
  await sandbox.until(sandbox.ramp(await sandbox.release('newer', NEW), 10));
  const { arn } = await sandbox.newest();
  const ecs = await sandbox.bystander.ecs();
  sandbox.clock.after(30 * SECOND, () => {
    void ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: 'ROLLBACK' }));
  });
  expect((await release({})).end.outcome).toBe('deployed');
});

test('a dry run shows what it found', async () => {
  await newIsLive();
  const older = planOf((await release({ dryRun: true, image: BUILT })).events);
  expect(older).toMatchObject({
    possible: false,
    problems: [expect.stringMatching(/^What is live is newer/)],
  });
  const same = planOf((await release({ dryRun: true, source: source(NEW) })).events);
  expect(same).toMatchObject({ possible: true, notices: [expect.stringMatching(/this is what is live/)] });
  const { events } = await release({ dryRun: true, source: source(STRANGE) }, { ancestry: isNewer });
  expect(planOf(events).notices).toEqual([
    expect.stringMatching(
      /^In the order of commits this is newer: .*: that is an ancestor of this, says git\.$/,
    ),
  ]);
});
