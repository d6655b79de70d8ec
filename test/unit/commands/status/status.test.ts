import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TagResourceCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { afterEach, expect, jest, test } from '@jest/globals';
import { nameOfArn } from '../../../../src/core/arn.ts';
import type { ServiceStatus } from '../../../../src/commands/status/service-status.ts';
import { MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import { gateTags } from '../../../../src/rollout/traffic/gate-tag.ts';
import { openDeployedSandbox, type DeployedSandbox } from '../../../support/deployed-sandbox.ts';
import { createRollingService } from '../../../support/simulated-rolling.ts';
import { call } from '../../cli/calls.ts';

jest.setTimeout(60_000);

const SERVICE = 'arn:aws:ecs:eu-west-1:123456789012:service/shop/web';
const COMMIT = 'b'.repeat(40);
const env = { AWS_REGION: 'eu-west-1' };
const DIRTY = 4;

let sandbox: DeployedSandbox | null = null;
afterEach(async () => {
  await sandbox?.close();
  sandbox = null;
});

const ask = ({ until, clock, clients }: DeployedSandbox, ...args: string[]) =>
  until(call([...args, '--cluster', 'shop'], { env, clock, clients }));

function never(): never {
  throw new Error('there is no service');
}

async function statusOf(aws: DeployedSandbox, expectedCode = 0): Promise<ServiceStatus> {
  const { code, stdout, stderr } = await ask(aws, 'status', '--json');
  expect({ code, stderr }).toEqual({ code: expectedCode, stderr: '' });
  const services: ServiceStatus[] = JSON.parse(stdout);
  expect(services).toHaveLength(1);
  return services[0]!;
}

test('a service without a deployment in progress: what runs, and who deployed it', async () => {
  sandbox = await openDeployedSandbox();
  const v2 = await sandbox.release('v2', COMMIT);
  await sandbox.deploy(v2);
  const before = sandbox.wire.calls.length;
  const { revisions, deployment, leftBehind, heldBy } = await statusOf(sandbox);
  expect(sandbox.wire.calls.length - before).toBeLessThanOrEqual(15);
  expect({ deployment, leftBehind, heldBy }).toEqual({ deployment: null, leftBehind: null, heldBy: null });
  expect(revisions).toMatchObject([
    {
      taskDefinitionArn: v2,
      commit: COMMIT,
      actor: 'anna',
      percent: 100,
      running: 2,
      desired: 2,
      healthy: 2,
    },
  ]);
});

test('a rollout at a pause: both revisions with their shares, and until when ECS waits', async () => {
  sandbox = await openDeployedSandbox();
  const v1 = await sandbox.currentTaskDefinition();
  const v2 = await sandbox.release('v2', COMMIT);
  await sandbox.ramp(v2, 30);
  const { revisions, deployment, leftBehind } = await statusOf(sandbox);
  expect(revisions).toMatchObject([
    { taskDefinitionArn: v1, percent: 70, healthy: 2 },
    { taskDefinitionArn: v2, percent: 30, healthy: 2 },
  ]);
  expect(deployment).toMatchObject({ ours: true, phase: 'paused', percent: 30, oldRevisionUntil: null });
  expect(deployment!.pause!.until - deployment!.pause!.since).toBe(31 * MINUTE);
  expect(leftBehind).toBeNull();
  expect(deployment!.approval).toBeNull();
  const { stdout } = await ask(sandbox, 'status', '--service', 'web');
  expect(stdout).toMatch(
    /^web: 4 of 2 tasks running\n {2}web:1: 70% of the traffic, 2 tasks, 2 healthy targets, since /,
  );
  expect(stdout).toMatch(/\n {2}web:2 \(commit bbbbbbb, by anna\): 30% of the traffic/);
  expect(stdout).toMatch(/waits for an answer from ecs-ramp until .* \(30m \d+s left\), then ECS rolls back/);
});

test('at 100% the old revision is kept, and its end is shown', async () => {
  sandbox = await openDeployedSandbox();
  await sandbox.ramp(await sandbox.release('v2', COMMIT), 100);
  const { deployment } = await statusOf(sandbox);
  expect(deployment).toMatchObject({ phase: 'keeping-old', percent: 100 });
  expect(deployment!.oldRevisionUntil! - sandbox.clock.now()).toBeGreaterThan(9 * MINUTE);
  expect((await ask(sandbox, 'status')).stdout).toContain('the old revision is kept until 20');
});

test('the leftovers of a killed run and the holder of the lease are shown', async () => {
  sandbox = await openDeployedSandbox();
  await sandbox.ramp(await sandbox.release('v2', COMMIT), 30);
  await sandbox.clock.advance(45 * MINUTE);
  expect((await statusOf(sandbox, DIRTY)).leftBehind).toContain('pause hook');
  const until = new Date(sandbox.clock.now() + MINUTE).toISOString().replace(/\.\d+Z/, 'Z');
  const value = `${until} abc https://github.com/shop/web/actions/runs/1/attempts/1 deploy`;
  const ecs = await sandbox.bystander.ecs();
  await ecs.send(new TagResourceCommand({ resourceArn: SERVICE, tags: [{ key: 'ecs-ramp:lease', value }] }));
  const { heldBy, leftBehind } = await statusOf(sandbox);
  expect(heldBy?.run).toBe('https://github.com/shop/web/actions/runs/1/attempts/1 (job deploy)');
  expect(leftBehind).toBeNull();
});

test('without data of the load balancer, the rest is shown', async () => {
  sandbox = await openDeployedSandbox();
  sandbox.wire.faults.add([
    { service: 'elastic-load-balancing-v2', operation: 'DescribeRules', error: 'AccessDenied', times: 9 },
    {
      service: 'elastic-load-balancing-v2',
      operation: 'DescribeTargetHealth',
      error: 'AccessDenied',
      times: 9,
    },
  ]);
  const { code, stdout, stderr } = await ask(sandbox, 'status', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject([
    { drift: null, revisions: [{ percent: null, healthy: null, running: 2 }] },
  ]);
  const lines = stderr.split('\n');
  expect(lines).toEqual([
    expect.stringContaining('not compared: AWS denied elasticloadbalancing:DescribeRules on listener rule'),
    expect.stringContaining('not compared: AWS denied elasticloadbalancing:DescribeTargetHealth'),
  ]);
});

test('a missing cluster or service is reported', async () => {
  sandbox = await openDeployedSandbox();
  const { code, stderr } = await ask(sandbox, 'status', '--service', 'wbe');
  expect({ code, stderr }).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('has no service "wbe". Its services: web.'),
  });
});

test('a rolling update: no share of the traffic, and no targets of the shared target group', async () => {
  // The update does not end before it is read.
  const aws = await createRollingService({ versions: { v2: { healthy: false } } });
  const { bystander, clients, clock, register, until } = aws;
  const ecs = await bystander.ecs();
  const web = { cluster: 'shop', service: 'web' };
  await ecs.send(new UpdateServiceCommand({ ...web, taskDefinition: await register('v2') }));
  const now = (...args: string[]) =>
    until(call(['status', ...args, '--cluster', 'shop'], { env, clock, clients }));
  await clock.advance(10 * SECOND);
  const [{ revisions, deployment } = never()]: ServiceStatus[] = JSON.parse((await now('--json')).stdout);
  expect(deployment).toMatchObject({ phase: 'moving', percent: null });
  const nothing = { percent: null, healthy: null };
  expect(revisions).toMatchObject([nothing, nothing]);
  expect((await now()).stdout).toMatch(/in progress: a rolling update \(IN_PROGRESS\), for \d+s/);
  await aws.close();
});

test('the history: newest first, with both releases, status and reason', async () => {
  sandbox = await openDeployedSandbox();
  await sandbox.deploy(await sandbox.release('v2', COMMIT));
  await sandbox.ramp(await sandbox.release('v3', 'c'.repeat(40)), 10);
  await sandbox.clock.advance(45 * MINUTE);
  const { stdout } = await ask(sandbox, 'history', '--service', 'web');
  const lines = stdout.split('\n').filter((line) => !line.startsWith(' '));
  expect(lines).toEqual([
    expect.stringMatching(
      /^2026-11-21 \S+ {2}rolled back, took 31m.*: web:2 \(commit bbbbbbb, by anna\) -> web:3 \(commit ccccccc, by anna\)$/,
    ),
    expect.stringMatching(/deployed, took .*: web:1 -> web:2 \(commit bbbbbbb, by anna\)$/),
    expect.stringMatching(/deployed, took .*: to web:1$/),
  ]);
  expect(stdout).toContain('timed out');
  const { deployments } = JSON.parse(
    (await ask(sandbox, 'history', '--service', 'web', '--json', '--most', '2')).stdout,
  );
  expect(deployments).toMatchObject([
    { status: 'ROLLBACK_SUCCESSFUL', to: { commit: 'c'.repeat(40) } },
    { status: 'SUCCESSFUL', from: { commit: null } },
  ]);
  expect(await ask(sandbox, 'history', '--most', '0')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--service: it is missing'),
  });
});

test.each(['status', 'history'])('%s takes the service and its place from ecs-ramp.yml', async (command) => {
  const folder = mkdtempSync(join(tmpdir(), 'ecs-ramp-status-'));
  try {
    const text = 'services: { front: { service: web, cluster: shop, aws-region: eu-west-1 } }\n';
    writeFileSync(join(folder, 'ecs-ramp.yml'), text);
    sandbox = await openDeployedSandbox();
    const { until, clock, clients } = sandbox;
    const args = [command, '--config', 'ecs-ramp.yml', '--service', 'front'];
    const { code, stdout, stderr } = await until(call(args, { cwd: folder, clock, clients }));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('web:1');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a rollout that waits for an approval: its step and deadline, and approval and abort', async () => {
  sandbox = await openDeployedSandbox();
  const v2 = await sandbox.release('v2', COMMIT);
  await sandbox.ramp(v2, 30);
  const ecs = await sandbox.bystander.ecs();
  const waiting = {
    says: 'waiting',
    percent: 30,
    at: sandbox.clock.now() + 90 * MINUTE,
    by: '',
    reason: null,
  } as const;
  const waitsFor = (deployment: string) =>
    ecs.send(new TagResourceCommand({ resourceArn: SERVICE, tags: gateTags({ ...waiting, deployment }) }));
  await waitsFor('AnotherOne');
  expect((await statusOf(sandbox)).deployment!.approval).toBeNull();
  expect(await ask(sandbox, 'continue', '--service', 'web')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^No step is waiting for an approval: the rollout of service web is at 30%/,
    ),
  });
  await waitsFor(nameOfArn((await sandbox.newest()).arn));
  expect((await statusOf(sandbox)).deployment!.approval).toMatchObject({ percent: 30 });
  const { stdout } = await ask(sandbox, 'status', '--service', 'web');
  expect(stdout).toMatch(
    /30% waits for an approval until .* \(1h \d+m left\): `ecs-ramp continue` approves it/,
  );

  const principal =
    /^approved 30% of service web as arn:aws:\S+:123456789012:\S+: .*\nno run seems to monitor/;
  expect((await ask(sandbox, 'continue', '--service', 'web')).stdout).toMatch(principal);
  expect((await ask(sandbox, 'continue', '--service', 'web')).stdout).toMatch(
    /^30% was already approved by arn:aws:/,
  );
  expect((await statusOf(sandbox)).deployment!.approval).toBeNull();
  expect((await ask(sandbox, 'abort', '--service', 'web', '--reason', 'no')).code).toBe(0);
  expect(await ask(sandbox, 'abort', '--service', 'web', '--reason', 'no')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/is already rolling back/),
  });
});

test('only rollouts by ecs-ramp can be approved or aborted', async () => {
  sandbox = await openDeployedSandbox();
  const lasting = { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 60 } as const;
  await sandbox.start(await sandbox.release('v2', COMMIT), lasting);
  await sandbox.clock.advance(5_000);
  for (const args of [['continue'], ['abort', '--reason', 'no']]) {
    expect(await ask(sandbox, ...args, '--service', 'web')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        'was not started by ecs-ramp. Use `ecs-ramp rollback` to roll it back.',
      ),
    });
  }
});
