import { DescribeServicesCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Event } from '../../src/trail/event.ts';
import { shareOnRule } from '../../src/traffic/listener-rule.ts';
import { openStage, type Act, type Stage } from '../support/stage.ts';

jest.setTimeout(300_000);

let stage: Stage;
let death: ReturnType<typeof dieAt30>;
beforeAll(async () => {
  stage = await openStage(['web', 'api']);
  // ECS's shortest timeout is a minute: it passes while the other service is released.
  death = dieAt30();
  death.catch(() => {});
});
afterAll(() => stage?.close());

type Name = 'web' | 'api';

const atStep = (percent: number) => (event: Event) =>
  event.kind === 'step-begun' && event.percent === percent;

async function describeService(name: Name) {
  const answer = await stage.aws.ecs.send(
    new DescribeServicesCommand({ cluster: 'shop', services: [name], include: ['TAGS'] }),
  );
  return answer.services![0]!;
}

/** What production traffic on the rule goes to one of the service's two target groups. */
async function shares(name: Name): Promise<readonly (number | null)[]> {
  const { loadBalancers } = await describeService(name);
  const { targetGroupArn, advancedConfiguration } = loadBalancers![0]!;
  const groups = [targetGroupArn!, advancedConfiguration!.alternateTargetGroupArn!];
  const rule = advancedConfiguration!.productionListenerRule!;
  return Promise.all(groups.map((group) => shareOnRule(stage.aws.elb, rule, group)));
}

/** Asks until the answer is yes; a test's time limit is the limit. */
async function eventually(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 500));
}

const runsNow = async (name: Name) => (await describeService(name)).taskDefinition;

/** The runner vanishes at 30%, post step and all. */
async function dieAt30() {
  const before = await runsNow('api');
  const acting = await stage.start({
    service: 'api',
    commit: 'release-7',
    // A step of 30 s, and ECS's answering time: a timeout of one minute.
    inputs: { steps: '30,100', 'step-timeout': '30s', 'bake-time': '29s' },
  });
  await acting.until(atStep(30));
  acting.step.vanish();
  const { events } = await acting.done;
  return { before, events, sharesAtDeath: await shares('api') };
}

describe('a release', () => {
  const release: Act = { commit: 'release-2', inputs: { steps: '50,100', 'smoke-test': '/healthz 200 x3' } };

  test('goes from the commit to 100%, by digest, and takes its pause hook away', async () => {
    const acted = await stage.act(release);
    expect(acted.outputs).toMatchObject({ outcome: 'deployed', 'canary-percent': '100' });
    expect(acted.exitCode).toBe(0);
    const service = await describeService('web');
    expect(service.taskDefinition).toBe(acted.outputs['task-definition-arn']);
    expect(service.deploymentConfiguration).toMatchObject({ strategy: 'BLUE_GREEN', lifecycleHooks: [] });
    expect(acted.outputs['image']).toMatch(/\/shop\/web@sha256:[0-9a-f]{64}$/);
    expect(new Set(await shares('web'))).toEqual(new Set([0, 100]));
  });

  test('run again for the same commit builds nothing new, finds the same digest in the immutable repository and changes nothing', async () => {
    const before = await describeService('web');
    const acted = await stage.act(release);
    expect(acted.outputs).toMatchObject({
      outcome: 'unchanged',
      'task-definition-arn': before.taskDefinition,
    });
    expect(acted.exitCode).toBe(0);
    expect(acted.events).toContainEqual(expect.objectContaining({ kind: 'built', reused: true }));
    expect((await describeService('web')).deployments).toEqual(before.deployments);
  });

  test('whose smoke test fails is rolled back before any user meets it', async () => {
    const acted = await stage.act({ commit: 'release-3', inputs: { 'smoke-test': '/healthz 418 x2' } });
    expect(acted.outputs).toMatchObject({ outcome: 'rolled-back' });
    expect(acted.outputs['reason']).toContain('answered 200 instead of 418');
    expect(acted.events.some(atStep(10))).toBe(false);
    expect(acted.exitCode).toBe(1);
  });
});

describe('a cancelled job', () => {
  test('asks for the rollback within five seconds, sees it through and reports it', async () => {
    const before = await describeService('web');
    const acting = await stage.start({ commit: 'release-4', inputs: { steps: '30,100', 'bake-time': '1m' } });
    await acting.until(atStep(30));
    acting.step.cancel();
    const acted = await acting.done;
    expect(acted.outputs).toMatchObject({ outcome: 'rolled-back', 'canary-percent': '0' });
    expect(acted.outputs['reason']).toContain('cancelled');
    const at = (kind: Event['kind']) => acted.events.find((event) => event.kind === kind)!.at;
    expect(at('rollback-asked') - at('cancel-asked')).toBeLessThan(5_000);
    expect(await runsNow('web')).toBe(before.taskDefinition);
    expect(acted.summary).toContain('cancelled');
  });

  test('whose main step was killed is finished by its post step', async () => {
    const acting = await stage.start({ commit: 'release-5', inputs: { steps: '30,100', 'bake-time': '1m' } });
    await acting.until(atStep(30));
    acting.step.kill('SIGKILL');
    const acted = await acting.done;
    expect(acted.outputs).toMatchObject({ outcome: 'rolled-back' });
    expect(acted.postExitCode).toBe(1);
    expect(acted.summary).toContain('killed');
    expect((await describeService('web')).deploymentConfiguration?.lifecycleHooks).toEqual([]);
  });

  test('during the build ends at once, with production untouched', async () => {
    const acting = await stage.start({ commit: 'release-6' });
    await acting.until((event) => event.kind === 'begun');
    acting.step.cancel();
    const acted = await acting.done;
    expect(acted.outputs).toMatchObject({ outcome: 'failed' });
    expect(acted.outputs['reason']).toContain('cancelled');
    expect(acted.events.some(({ kind }) => kind === 'rollout-begun')).toBe(false);
  });
});

describe('a runner that dies', () => {
  test('at 30%: ECS rolls back by itself when its hook times out, and says so', async () => {
    const { before, events, sharesAtDeath } = await death;
    expect(events).toContainEqual(expect.objectContaining({ kind: 'rollout-begun', hookTimeout: 60_000 }));
    expect(sharesAtDeath).toContain(30);
    await eventually(async () => (await shares('api')).includes(100));
    await eventually(async () => (await runsNow('api')) === before);
  });

  test('is taken over by a re-run, which adopts the deployment where it stands and takes it to 100%', async () => {
    const release: Act = { service: 'api', commit: 'release-8', inputs: { steps: '30,100' } };
    const first = await stage.start({
      ...release,
      inputs: { ...release.inputs, 'bake-time': '1m' },
    });
    await first.until(atStep(30));
    first.step.vanish();
    await first.done;
    const second = await stage.act(release);
    expect(second.outputs).toMatchObject({ outcome: 'deployed' });
    expect(second.events).toContainEqual(expect.objectContaining({ kind: 'rollout-begun', adopted: true }));
    // The first run never came to bring back what the service had: the second finds it remembered on the service.
    const { deploymentConfiguration, tags } = await describeService('api');
    expect(deploymentConfiguration).toMatchObject({ strategy: 'BLUE_GREEN', lifecycleHooks: [] });
    expect(tags ?? []).toEqual([]);
  });
});

describe('somebody else’s deployment', () => {
  test('is refused, or waited for, as on-conflict says', async () => {
    const { taskDefinition } = await describeService('api');
    const forced = new UpdateServiceCommand({
      cluster: 'shop',
      service: 'api',
      taskDefinition,
      forceNewDeployment: true,
    });
    await stage.aws.ecs.send(forced);
    const failing = await stage.act({
      service: 'api',
      commit: 'release-9',
      inputs: { 'on-conflict': 'fail' },
    });
    expect(failing.outputs).toMatchObject({ outcome: 'failed' });
    expect(failing.outputs['reason']).toMatch(
      /Service deployment arn:.* is (PENDING|IN_PROGRESS).*on-conflict/,
    );
    const waiting = await stage.act({ service: 'api', commit: 'release-9', inputs: { steps: '50,100' } });
    expect(waiting.outputs).toMatchObject({ outcome: 'deployed' });
  });
});
