import { DescribeServicesCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Event } from '../../src/core/trail/event.ts';
import { shareOnRule } from '../../src/rollout/strategies/canary/listener-rule.ts';
import { startGitHubApi, type GitHubApi } from '../support/github-api.ts';
import {
  expectOutcome,
  openLiveSandbox,
  type RunOptions,
  type RunResult,
  type LiveSandbox,
} from '../support/live-sandbox.ts';

jest.setTimeout(300_000);

let sandbox: LiveSandbox;
let github: GitHubApi;
let takenOver: Promise<TakenOver>;
let rolled: Promise<Rolled>;
beforeAll(async () => {
  github = await startGitHubApi();
  sandbox = await openLiveSandbox(['web', 'api']);
  // Runs beside the releases of the other service, because it mostly waits.
  takenOver = takeOver('api');
  takenOver.catch(() => {});
  rolled = takenOver.then(() => releaseInBatches('api'));
  rolled.catch(() => {});
});
afterAll(() => Promise.all([sandbox?.close(), github?.close()]));

type Name = 'web' | 'api';

const atStep = (percent: number) => (event: Event) =>
  event.kind === 'step-started' && event.percent === percent;

async function describeService(name: Name) {
  const answer = await sandbox.aws.ecs.send(
    new DescribeServicesCommand({ cluster: 'shop', services: [name], include: ['TAGS'] }),
  );
  return answer.services![0]!;
}

/** Shares of production traffic of the service's two target groups. */
async function shares(name: Name): Promise<readonly (number | null)[]> {
  const { loadBalancers } = await describeService(name);
  const { targetGroupArn, advancedConfiguration } = loadBalancers![0]!;
  const groups = [targetGroupArn!, advancedConfiguration!.alternateTargetGroupArn!];
  const rule = advancedConfiguration!.productionListenerRule!;
  return Promise.all(groups.map((group) => shareOnRule(sandbox.aws.elb, rule, group)));
}

type Described = Awaited<ReturnType<typeof describeService>>;

interface TakenOver extends RunResult {
  /** The service after the run. */
  readonly left: Described;
}

/** The runner is lost at 30%, without a post step, and the job is run again. */
async function takeOver(service: Name): Promise<TakenOver> {
  const release = { service, commit: 'release-8' };
  const first = await sandbox.start({ ...release, inputs: { steps: '30,100', 'bake-time': '1m' } });
  await first.until(atStep(30));
  first.step.vanish();
  await first.done;
  const acted = await sandbox.run({ ...release, inputs: { steps: '30,100' } });
  return { ...acted, left: await describeService(service) };
}

interface Rolled extends RunResult {
  readonly before: { readonly shares: readonly (number | null)[] };
}

const IN_BATCHES = { strategy: 'ROLLING', minimumHealthyPercent: 50, maximumPercent: 100 } as const;

/** A rolling update of a service whose traffic was shifted before. */
async function releaseInBatches(service: Name): Promise<Rolled> {
  await sandbox.aws.ecs.send(
    new UpdateServiceCommand({ cluster: 'shop', service, deploymentConfiguration: IN_BATCHES }),
  );
  const before = { shares: await shares(service) };
  return {
    ...(await sandbox.run({ service, commit: 'release-9', inputs: { strategy: 'rolling' } })),
    before,
  };
}

/** Adds GitHub notifications. The bundle contains another fetch than the source. */
function withGitHubNotifications({ inputs, ...act }: RunOptions): RunOptions {
  const { GITHUB_API_URL = '' } = github.environment;
  const notifications = { 'github-token': 'ghs_job', 'github-deployment': 'true', 'commit-status': 'true' };
  return {
    ...act,
    inputs: { ...inputs, ...notifications, comment: 'true', 'issue-on-rollback': 'true' },
    environment: { GITHUB_API_URL },
  };
}

describe('a release', () => {
  const release: RunOptions = {
    commit: 'release-2',
    inputs: { steps: '50,100', 'smoke-test': '/healthz 200 x3' },
  };

  test('is built from the commit, deployed by digest to 100%, and leaves no pause hook', async () => {
    const acted = await sandbox.run(withGitHubNotifications(release));
    expectOutcome(acted, 'deployed');
    expect(acted.outputs).toMatchObject({ 'canary-percent': '100' });
    expect(github.deployments).toMatchObject([{ environment: 'shop/web', state: 'success' }]);
    expect(github.requests.findLast(({ path }) => path.includes('/statuses/'))?.body.description).toContain(
      'deployed',
    );
    expect(acted.log.filter((line) => line.includes('GitHub did not accept'))).toEqual([]);
    expect(acted.exitCode).toBe(0);
    const service = await describeService('web');
    expect(service.taskDefinition).toBe(acted.outputs['task-definition-arn']);
    expect(service.deploymentConfiguration).toMatchObject({ strategy: 'BLUE_GREEN', lifecycleHooks: [] });
    expect(acted.outputs['image']).toMatch(/\/shop\/web@sha256:[0-9a-f]{64}$/);
    expect(new Set(await shares('web'))).toEqual(new Set([0, 100]));
  });

  test('that is run again for the same commit reuses the image of the immutable repository and changes nothing', async () => {
    const before = await describeService('web');
    const acted = await sandbox.run(release);
    expect(acted.outputs).toMatchObject({
      outcome: 'unchanged',
      'task-definition-arn': before.taskDefinition,
    });
    expect(acted.exitCode).toBe(0);
    expect(acted.events).toContainEqual(expect.objectContaining({ kind: 'built', reused: true }));
    expect((await describeService('web')).deployments).toEqual(before.deployments);
  });

  test('whose smoke test fails is rolled back before it gets production traffic', async () => {
    const acted = await sandbox.run(
      withGitHubNotifications({ commit: 'release-3', inputs: { 'smoke-test': '/healthz 418 x2' } }),
    );
    expect(acted.outputs).toMatchObject({ outcome: 'rolled-back' });
    expect(acted.outputs['reason']).toContain('answered 200 instead of 418');
    expect(acted.events.some(atStep(10))).toBe(false);
    expect(github.deployments.map(({ state }) => state)).toEqual(['success', 'failure']);
    expect(github.issues).toMatchObject([{ title: 'shop/web was rolled back' }]);
    expect(acted.exitCode).toBe(1);
  });
});

describe('a lost runner', () => {
  test('is replaced by a re-run, which adopts the deployment and continues to 100%', async () => {
    const { left, ...acted } = await takenOver;
    expectOutcome(acted, 'deployed');
    const { events } = acted;
    expect(events).toContainEqual(expect.objectContaining({ kind: 'rollout-started', adopted: true }));
    // The first run did not restore the settings. The second one reads them from the service's
    // tags.
    const { deploymentConfiguration, tags } = left;
    expect(deploymentConfiguration).toMatchObject({ strategy: 'BLUE_GREEN', lifecycleHooks: [] });
    expect(tags ?? []).toEqual([]);
  });
});

describe('a service that ECS updates in batches', () => {
  test('is released without a canary in its target group, and keeps its settings', async () => {
    const { before, ...acted } = await rolled;
    expectOutcome(acted, 'deployed');
    expect(acted.outputs).toMatchObject({ 'canary-percent': '100' });
    expect(acted.log.join('\n')).toMatch(/without a canary/);
    expect(acted.events.findLast(({ kind }) => kind === 'evaluated')).toMatchObject({ arms: 'together' });
    const service = await describeService('api');
    expect(service.taskDefinition).toBe(acted.outputs['task-definition-arn']);
    expect(service.deploymentConfiguration).toMatchObject(IN_BATCHES);
    expect(service.tags ?? []).toEqual([]);
    expect(await shares('api')).toEqual(before.shares);
  });
});

describe('somebody else’s deployment', () => {
  test('makes the run fail or wait, depending on on-conflict', async () => {
    const { taskDefinition } = await describeService('web');
    const forced = new UpdateServiceCommand({
      cluster: 'shop',
      service: 'web',
      taskDefinition,
      forceNewDeployment: true,
    });
    await sandbox.aws.ecs.send(forced);
    const failing = await sandbox.run({
      service: 'web',
      commit: 'release-9',
      inputs: { 'on-conflict': 'fail' },
    });
    expect(failing.outputs).toMatchObject({ outcome: 'failed' });
    expect(failing.outputs['reason']).toMatch(/Service deployment \S+ is (PENDING|IN_PROGRESS).*on-conflict/);
    const waiting = await sandbox.run({ service: 'web', commit: 'release-9', inputs: { steps: '50,100' } });
    expectOutcome(waiting, 'deployed');
  });
});
