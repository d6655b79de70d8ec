// After its job has ended, a release is still judged while its old revision is kept.
import { PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Behaviour } from '../../../../sandbox/simulated/behaviour.ts';
import { reconcileServices } from '../../../../src/commands/reconcile/reconcile.ts';
import { identify } from '../../../../src/core/run.ts';
import { HOUR, MINUTE } from '../../../../src/core/time/clock.ts';
import type { NewEvent } from '../../../../src/core/trail/event.ts';
import { renderSummary } from '../../../../src/report/summary.ts';
import { shareOnRule } from '../../../../src/rollout/strategies/canary/listener-rule.ts';
import { openDeployedSandbox, type DeployedSandbox } from '../../../support/deployed-sandbox.ts';
import { releaseJob } from '../../../support/release-job.ts';
import { rolloutRequest } from '../../../support/rollout-request.ts';

jest.setTimeout(120_000);

let sandbox: DeployedSandbox;
/** What the new revision does from now on. */
let later: Partial<Behaviour> = {};
const V2 = 'registry.example.com/shop/web:v2';

beforeEach(async () => {
  later = {};
  sandbox = await openDeployedSandbox({
    behaviourNow: ({ image, behaviour }) => (image === V2 ? { ...behaviour, ...later } : behaviour),
  });
  const cloudWatch = await sandbox.bystander.cloudWatch();
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'pager',
      Namespace: 'Shop',
      MetricName: 'Orders',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'ignore',
    }),
  );
  await setAlarm('OK');
});
afterEach(() => sandbox.close());

async function setAlarm(StateValue: 'OK' | 'ALARM'): Promise<void> {
  const cloudWatch = await sandbox.bystander.cloudWatch();
  const command = new SetAlarmStateCommand({ AlarmName: 'pager', StateValue, StateReason: 'no orders' });
  await cloudWatch.send(command);
}

async function deployV2(strategy: 'canary' | 'blue-green' = 'canary'): Promise<void> {
  const rollout = rolloutRequest({ strategy, steps: [50, 100], keepOld: 3 * HOUR, alarms: ['pager'] });
  const { end } = await releaseJob(sandbox, { image: { kind: 'given', reference: V2 }, rollout });
  expect(end.outcome).toBe('deployed');
}

async function reconcile(dryRun = false) {
  const { clients, clock, until, wire } = sandbox;
  const events: NewEvent[] = [];
  const before = wire.calls.length;
  const [ended] = await until(
    reconcileServices(
      { clusters: ['shop'], services: ['web'], dryRun },
      {
        clients,
        clock,
        run: identify({ ECS_RAMP_CLAIM_WAIT: '1' }),
        tell: (_, event) => events.push(event),
      },
    ),
  );
  const calls = wire.calls.slice(before).map(({ operation }) => operation);
  const writes = calls.filter((name) => !/^(Describe|List|Get)/.test(name));
  return { ...ended!, events, writes };
}

async function isBack(): Promise<boolean> {
  const { clients, bystander, rule, targetGroups } = sandbox;
  const share = await shareOnRule(await clients.elasticLoadBalancing(), rule, targetGroups[0]);
  const ecs = await bystander.ecs();
  const command = new DescribeServicesCommand({ cluster: 'shop', services: ['web'], include: ['TAGS'] });
  const { tags = [], deploymentConfiguration } = (await ecs.send(command)).services![0]!;
  expect({ tags, hooks: deploymentConfiguration?.lifecycleHooks }).toEqual({ tags: [], hooks: [] });
  return share === 100;
}

test('a good release stays, and nothing is written', async () => {
  await deployV2();
  await sandbox.clock.advance(20 * MINUTE);
  const { state, reason, writes } = await reconcile();
  expect({ state, writes }).toEqual({ state: 'in progress', writes: [] });
  expect(reason).toMatch(
    /^the new revision has all of the traffic, and nothing speaks against it \(.+\); its old revision is kept until/,
  );
  expect(await isBack()).toBe(false);
});

test.each(['canary', 'blue-green'] as const)(
  'a release (%s) that fails after its job has ended is rolled back by its counts, with the evidence',
  async (strategy) => {
    await deployV2(strategy);
    await sandbox.clock.advance(10 * MINUTE);
    later = { errorRate: 0.3 };
    await sandbox.clock.advance(6 * MINUTE);
    const { state, reason, events } = await reconcile();
    expect(state).toBe('undone');
    expect(reason).toMatch(/failed/);
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'rollback-requested', cause: 'judge', percent: 100 }),
    );
    const evaluated = events.findLast((event) => event.kind === 'evaluated');
    expect(evaluated).toMatchObject({ verdict: 'rollback', percent: 100 });
    expect(renderSummary(events.map((event) => ({ ...event, at: 0 })))).toContain('## ↩️ web is back on');
    if (strategy === 'canary') expect(evaluated?.steps?.map(({ percent }) => percent)).toEqual([50, 100]);
    expect(await isBack()).toBe(true);
  },
);

test('an alarm of the release still counts', async () => {
  await deployV2();
  await sandbox.clock.advance(30 * MINUTE);
  await setAlarm('ALARM');
  const { state, reason } = await reconcile();
  expect(state).toBe('undone');
  expect(reason).toContain('Alarm "pager" fired during the rollout: no orders');
  expect(await isBack()).toBe(true);
});

test('targets that become unhealthy count, although the old revision gets no requests', async () => {
  await deployV2();
  await sandbox.clock.advance(30 * MINUTE);
  later = { healthy: false };
  await sandbox.clock.advance(MINUTE);
  const { state } = await reconcile();
  expect(state).toBe('undone');
  expect(await isBack()).toBe(true);
});

test('a dry run says what it would do, and changes nothing', async () => {
  await deployV2();
  later = { errorRate: 0.3 };
  await sandbox.clock.advance(10 * MINUTE);
  const { state, reason, writes } = await reconcile(true);
  expect({ state, writes }).toEqual({ state: 'undone', writes: [] });
  expect(reason).toMatch(/^the new revision would be rolled back \(dry run\): .*failed/);
  expect(await isBack()).toBe(false);
});

test('after the end of keep-old there is nothing to go back to, and nothing to watch', async () => {
  await deployV2();
  await sandbox.clock.advance(3 * HOUR);
  expect(await reconcile()).toMatchObject({ state: 'clean', writes: [] });
});
