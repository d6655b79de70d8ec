// A release that has all of the traffic keeps its old revision. Nothing else may suffer from that.
import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { approve } from '../../../../src/commands/approval/approval.ts';
import { readDeploymentHistory } from '../../../../src/commands/history/history.ts';
import { deploymentInWords as historyInWords } from '../../../../src/commands/history/messages.ts';
import { rollBackRelease } from '../../../../src/commands/rollback/rollback.ts';
import { statusInWords } from '../../../../src/commands/status/messages.ts';
import { readStatus } from '../../../../src/commands/status/status.ts';
import { identify } from '../../../../src/core/run.ts';
import type { RolloutRequest } from '../../../../src/core/request.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import { shareOnRule } from '../../../../src/rollout/strategies/canary/listener-rule.ts';
import {
  openDeployedSandbox,
  rollbackRequest,
  type DeployedSandbox,
} from '../../../support/deployed-sandbox.ts';
import { releaseJob } from '../../../support/release-job.ts';
import { rolloutRequest } from '../../../support/rollout-request.ts';

jest.setTimeout(120_000);

let sandbox: DeployedSandbox;
afterEach(() => sandbox?.close());

const image = (tag: string) =>
  ({ kind: 'given', reference: `registry.example.com/shop/web:${tag}` }) as const;
const keeping = (keepOld: number, different: Partial<RolloutRequest> = {}) =>
  rolloutRequest({ steps: [100], keepOld, ...different });
const release = (tag: string, rollout: RolloutRequest) => releaseJob(sandbox, { image: image(tag), rollout });

async function onService() {
  const ecs = await sandbox.bystander.ecs();
  const command = new DescribeServicesCommand({ cluster: 'shop', services: ['web'], include: ['TAGS'] });
  const { tags = [], deploymentConfiguration } = (await ecs.send(command)).services![0]!;
  return { tags, hooks: deploymentConfiguration?.lifecycleHooks };
}
const NOTHING_LEFT = { tags: [], hooks: [] };

async function rollBack() {
  const { clients, clock, until } = sandbox;
  const since = clock.now();
  const notices: string[] = [];
  const result = await until(
    rollBackRelease(rollbackRequest(), {
      clients,
      clock,
      run: identify({ ECS_RAMP_CLAIM_WAIT: '1' }),
      cancelled: new AbortController().signal,
      by: 'Anna',
      tell: (event) => event.kind === 'notice' && notices.push(event.message),
    }),
  );
  return { result, notices, took: clock.now() - since };
}

const V1_SHARE = async () =>
  shareOnRule(await sandbox.clients.elasticLoadBalancing(), sandbox.rule, sandbox.targetGroups[0]);

describe.each(['canary', 'blue-green'] as const)('with strategy %s', (strategy) => {
  test.each(['wait', 'fail'] as const)(
    'the next release starts long before the end of keep-old (on-conflict: %s)',
    async (onConflict) => {
      sandbox = await openDeployedSandbox();
      const kept = await release('v2', keeping(HOUR, { strategy }));
      expect(kept.end).toMatchObject({ outcome: 'deployed' });
      expect(kept.end.oldRevisionUntil! - sandbox.clock.now()).toBeGreaterThan(50 * MINUTE);
      expect(await onService()).toEqual(NOTHING_LEFT);

      const hotfix = await release('v3', keeping(0, { strategy, onConflict }));
      expect(hotfix.end).toMatchObject({ outcome: 'deployed' });
      expect(hotfix.notices).toContainEqual(
        expect.stringContaining('The last release kept its old revision'),
      );
      const started = hotfix.events.find(({ kind }) => kind === 'rollout-started')!;
      expect(started.at).toBeLessThan(kept.end.oldRevisionUntil! - 40 * MINUTE);
      expect(await onService()).toEqual(NOTHING_LEFT);
    },
  );

  test('a rollback after the job takes seconds until the end of keep-old', async () => {
    sandbox = await openDeployedSandbox();
    await release('v2', keeping(HOUR, { strategy }));
    await sandbox.clock.advance(50 * MINUTE);
    const { result, notices } = await rollBack();
    expect(result).toMatchObject({ outcome: 'deployed', canaryPercent: 100 });
    expect(notices).toEqual([expect.stringMatching(/All production traffic is on web:1 again, \d+s after/)]);
    expect(await V1_SHARE()).toBe(100);
  });
});

test('at the end of keep-old ECS removes the old revision, and nothing of the rollout is left', async () => {
  sandbox = await openDeployedSandbox();
  const { end } = await release('v2', keeping(HOUR));
  await sandbox.clock.advance(end.oldRevisionUntil! - sandbox.clock.now() - MINUTE);
  expect(await sandbox.newest()).toMatchObject({
    status: 'IN_PROGRESS',
    stage: 'POST_PRODUCTION_TRAFFIC_SHIFT',
  });
  await sandbox.clock.advance(3 * MINUTE);
  expect(await sandbox.newest()).toMatchObject({ status: 'SUCCESSFUL' });
  expect(await V1_SHARE()).toBe(0);
  expect(await onService()).toEqual(NOTHING_LEFT);
});

test('`continue` removes the old revision before the end of keep-old', async () => {
  sandbox = await openDeployedSandbox();
  await release('v2', keeping(HOUR));
  const { bystander, clock } = sandbox;
  const place = { service: 'web', cluster: 'shop', step: null };
  const lines = await approve(place, { ecs: await bystander.ecs(), clock, by: 'Anna' });
  expect(lines).toEqual([expect.stringMatching(/^the new revision .* ECS removes it now$/)]);
  await clock.advance(2 * MINUTE);
  expect(await sandbox.newest()).toMatchObject({ status: 'SUCCESSFUL' });
});

const nobodyKnows = async () => null;
/** A day passes quickly. */
const SLOW = { reconcileInterval: 20 * SECOND };

describe('what AWS leaves open', () => {
  test('the stage after the shift may come after each step', async () => {
    sandbox = await openDeployedSandbox({ timing: { postProductionShift: 'each step' } });
    const steps = [10, 30, 100];
    const { end, events } = await release('v2', keeping(HOUR, { steps }));
    expect(end).toMatchObject({ outcome: 'deployed' });
    expect(end.oldRevisionUntil! - sandbox.clock.now()).toBeGreaterThan(50 * MINUTE);
    const passed = events.flatMap((event) => (event.kind === 'step-passed' ? [event.percent] : []));
    expect(passed).toEqual([0, 10, 30]);
    const { result } = await rollBack();
    expect(result).toMatchObject({ outcome: 'deployed' });
    expect(await V1_SHARE()).toBe(100);
  });

  test('a pause may last longer than a stage', async () => {
    sandbox = await openDeployedSandbox({
      timing: { ...SLOW, pauseAtStageLimit: 'waits' },
      rate: 1,
      usersEvery: MINUTE,
    });
    await release('v2', keeping(3 * DAY, { onInconclusive: 'continue' }));
    await sandbox.clock.advance(25 * HOUR);
    const { notices } = await rollBack();
    expect(notices).toEqual([expect.stringMatching(/again, \d+s after the request/)]);
  });

  test('the limit of a stage may cut the pause short', async () => {
    sandbox = await openDeployedSandbox({
      timing: { ...SLOW, pauseAtStageLimit: 'times out' },
      rate: 1,
      usersEvery: MINUTE,
    });
    await release('v2', keeping(3 * DAY, { onInconclusive: 'continue' }));
    await sandbox.clock.advance(25 * HOUR);
    expect(await sandbox.newest()).toMatchObject({ status: 'SUCCESSFUL' });
    expect(await V1_SHARE()).toBe(0);
  });

  test('where ECS refuses the pause, its bake time keeps the old revision', async () => {
    sandbox = await openDeployedSandbox({ timing: { pauseAfterShift: 'refuse' } });
    const { end, notices } = await release('v2', keeping(20 * MINUTE));
    expect(end).toMatchObject({ outcome: 'deployed' });
    expect(notices).toContainEqual(expect.stringMatching(/^ECS refused the pause .* no other release/));
    expect(await sandbox.newest()).toMatchObject({ stage: 'BAKE_TIME' });
    expect(await onService()).toEqual(NOTHING_LEFT);
    const next = await release('v3', keeping(0));
    expect(next.end).toMatchObject({ outcome: 'deployed' });
  });

  test('a bake time that would block the next release is refused, and nothing is started', async () => {
    sandbox = await openDeployedSandbox({ timing: { pauseAfterShift: 'refuse' } });
    const { end } = await release('v2', keeping(HOUR));
    expect(end).toMatchObject({ outcome: 'failed' });
    expect(end.reason).toContain('set keep-old (1h) to 30m or less');
    expect(await onService()).toEqual(NOTHING_LEFT);
    expect(await V1_SHARE()).toBe(100);
  });

  test('where ECS restores no settings during a deployment, the job does not stay for days', async () => {
    sandbox = await openDeployedSandbox({ timing: { configurationWhileDeploying: 'refuse' } });
    const { end, took } = await release('v2', keeping(7 * DAY));
    expect(end).toMatchObject({ outcome: 'deployed' });
    expect(took).toBeLessThan(HOUR);
    expect(await onService()).toEqual(NOTHING_LEFT);
  });
});

test('a job that dies while the old revision is kept leaves the new revision serving, and a rerun cleans up', async () => {
  sandbox = await openDeployedSandbox();
  const v2 = await sandbox.release('v2', 'b'.repeat(40));
  await sandbox.ramp(v2, 100);
  const { end } = await releaseJob(sandbox, { image: image('v3'), rollout: keeping(0) });
  expect(end).toMatchObject({ outcome: 'deployed' });
  await sandbox.clock.advance(30 * SECOND);
  expect(await onService()).toEqual(NOTHING_LEFT);
});

test('a rollback further back ends the time of keep-old, and says what it goes back from', async () => {
  sandbox = await openDeployedSandbox();
  const v1 = await sandbox.currentTaskDefinition();
  await release('v2', keeping(0));
  await release('v3', keeping(HOUR));
  const { clients, clock, until } = sandbox;
  const planned: unknown[] = [];
  const result = await until(
    rollBackRelease(rollbackRequest({ to: v1 }), {
      clients,
      clock,
      run: identify({ ECS_RAMP_CLAIM_WAIT: '1' }),
      cancelled: new AbortController().signal,
      by: 'Anna',
      tell: (event) => event.kind === 'rollback-planned' && planned.push(event.from?.taskDefinitionArn),
    }),
  );
  expect(result).toMatchObject({ outcome: 'deployed', canary: v1 });
  expect(planned).toEqual([expect.stringMatching(/:3$/)]);
  expect(await onService()).toEqual(NOTHING_LEFT);
});

test('`history` and `status` say that the old revision is kept, and until when', async () => {
  sandbox = await openDeployedSandbox();
  const { end } = await release('v2', keeping(HOUR));
  const { clients, clock } = sandbox;
  const [newest] = await readDeploymentHistory(await clients.ecs(), { cluster: 'shop', name: 'web' }, 1);
  expect(newest).toMatchObject({ oldRevisionUntil: end.oldRevisionUntil });
  expect(historyInWords(newest!, new Map())[0]).toMatch(/ {2}deployed, its old revision is kept until /);
  const { services } = await readStatus(
    { cluster: 'shop', service: 'web' },
    { clients, now: clock.now(), askBranch: nobodyKnows },
  );
  expect(statusInWords(services[0]!, clock.now()).join('\n')).toMatch(
    /the old revision is kept until .* left\), or until the next release, or `ecs-ramp continue`/,
  );
});
