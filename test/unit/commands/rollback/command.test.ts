import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, jest, test } from '@jest/globals';
import { finishRollback } from '../../../../src/commands/run/finish-rollback.ts';
import { reportRollback } from '../../../../src/action/report.ts';
import { rollbackOne } from '../../../../src/commands/run/rollback-one.ts';
import { beginJob } from '../../../../src/commands/run/job.ts';
import { identify } from '../../../../src/core/run.ts';
import type { Event, NewEvent } from '../../../../src/core/trail/event.ts';
import { call } from '../../cli/calls.ts';
import {
  openDeployedSandbox,
  rollbackRequest,
  type DeployedSandbox,
} from '../../../support/deployed-sandbox.ts';

jest.setTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), 'rollback-'));
afterAll(() => rmSync(folder, { recursive: true }));

let sandbox: DeployedSandbox | null = null;
afterEach(async () => {
  await sandbox?.close();
  sandbox = null;
});

const env = { AWS_REGION: 'eu-west-1', RUNNER_TEMP: folder, ECS_RAMP_CLAIM_WAIT: '1' };
const ask = ({ until, clock, clients }: DeployedSandbox, ...args: string[]) =>
  until(call(['rollback', '--service', 'web', '--cluster', 'shop', ...args], { env, clock, clients }));

test('ecs-ramp rollback prints its plan before it acts, and exits with 0 after success', async () => {
  sandbox = await openDeployedSandbox();
  await sandbox.ramp(await sandbox.release('v2', 'b'.repeat(40)), 30);
  const rehearsed = await ask(sandbox, '--dry-run');
  expect(rehearsed.code).toBe(0);
  expect(rehearsed.stdout).toContain('outcome: unchanged');
  const { code, stdout } = await ask(sandbox);
  expect(code).toBe(0);
  const lines = stdout.split('\n');
  const at = (part: string) => lines.findIndex((line) => line.includes(part));
  expect(
    at('rollback: from web:2 (commit bbbbbbb, by anna) to web:1, which still runs: one call rolls back'),
  ).toBeGreaterThan(0);
  expect(at('rolling back from 30%, a rollback was requested')).toBeGreaterThan(at('which still runs'));
  expect(at('All production traffic is on web:1 again')).toBeGreaterThan(at('rolling back from 30%'));
  expect(at('outcome: deployed')).toBeGreaterThan(at('traffic is on web:1 again'));
  expect(stdout).toContain('production traffic on web:1: 100%');
});

test('ecs-ramp rollback exits with 1 and the reason if there is no earlier release', async () => {
  sandbox = await openDeployedSandbox();
  const { code, stdout } = await ask(sandbox);
  expect(code).toBe(1);
  expect(stdout).toContain('outcome: failed');
  expect(stdout).toContain('There is no earlier release to roll back to');
});

test('ecs-ramp rollback reports wrong inputs before any AWS call', async () => {
  const { code, stderr } = await call(['rollback', '--rollback-steps', '7,20,100'], { env });
  expect(code).toBe(2);
  expect(stderr).toContain('--service: it is missing. Name the ECS service to roll back');
  expect(stderr).toContain('--rollback-steps: ');
});

/** A rollback whose process is killed when `dies` returns true, and its post step. */
async function killed(aws: DeployedSandbox, dies: (event: NewEvent) => boolean) {
  const { clients, clock, until } = aws;
  const request = rollbackRequest({
    summaryFile: join(folder, 'summary.md'),
    recordingFile: join(folder, 'recording.json'),
  });
  const events: Event[] = [];
  const run = identify(env);
  const { promise: death, resolve: die } = Promise.withResolvers<void>();
  let dead = false;
  const tell = (event: NewEvent) => {
    if (dead) throw new Error('dead');
    events.push({ ...event, at: clock.now() });
    if (dies(event)) {
      dead = true;
      die();
      throw new Error('killed');
    }
  };
  beginJob({ request, trail: { tell }, command: 'rollback' });
  const cancelled = new AbortController().signal;
  const main = rollbackOne({ request, trail: { tell } }, { clock, run, cancelled, connect: () => clients });
  main.catch(() => {});
  await until(death);
  const post = {
    events,
    tell: (event: NewEvent) => void events.push({ ...event, at: clock.now() }),
  };
  await until(finishRollback(post, request, { clients, clock, run }));
  return reportRollback({ request, trail: { ...post, subscribe: () => () => {} } });
}

test('if it is killed before the call, its post step makes the call', async () => {
  sandbox = await openDeployedSandbox();
  const v1 = await sandbox.currentTaskDefinition();
  await sandbox.ramp(await sandbox.release('v2', 'b'.repeat(40)), 90);
  const { green, outputs, summary } = await killed(sandbox, ({ kind }) => kind === 'rollback-planned');
  expect({ green, outputs }).toMatchObject({
    green: true,
    outputs: { outcome: 'deployed', hot: 'true', 'task-definition-arn': v1 },
  });
  expect(summary).toContain('↩️ web is back on web:1 after ');
  expect(await sandbox.currentTaskDefinition()).toBe(v1);
});

test('if it is killed while the earlier release is rolled out, its post step rolls that back', async () => {
  sandbox = await openDeployedSandbox();
  await sandbox.deploy(await sandbox.release('v2', 'b'.repeat(40)));
  const { green, outputs, summary } = await killed(sandbox, ({ kind }) => kind === 'rollout-started');
  expect({ green, outputs }).toMatchObject({
    green: false,
    outputs: { outcome: 'rolled-back', hot: 'false' },
  });
  expect(summary).toContain(
    'web is still on web:2 (commit bbbbbbb, by anna): the rollback to web:1 was itself rolled back',
  );
  expect(await sandbox.currentTaskDefinition()).toContain('web:2');
});
