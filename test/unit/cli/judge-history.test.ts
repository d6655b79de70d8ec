import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { connectRollout } from '../../../src/rollout/connect.ts';
import { preflight } from '../../../src/rollout/preflight/preflight.ts';
import { recordingOf } from '../../../src/report/recording.ts';
import { rollOut } from '../../../src/rollout/rollout.ts';
import type { Backtest } from '../../../src/commands/backtest/model.ts';
import { MINUTE } from '../../../src/core/time/clock.ts';
import type { Event } from '../../../src/core/trail/event.ts';
import { leaseOf } from '../../support/lease.ts';
import { rolloutRequest } from '../../support/rollout-request.ts';
import { createSimulatedAws, type SimulatedAws } from '../../support/simulated-aws.ts';
import { call, type Called } from './calls.ts';

// Two simulated rollouts and hours of simulated users.
jest.setTimeout(300_000);

const RATE = 10;

let aws: SimulatedAws;
let events: readonly Event[];

/** Version 2 reaches 100% on the other target group. Then version 3 fails and is rolled back. */
beforeAll(async () => {
  aws = await createSimulatedAws({
    versions: { v1: { errorRate: 0.002 }, v2: { errorRate: 0.002 }, v3: { errorRate: 0.2 } },
    rate: RATE,
  });
  await aws.clock.advance(50 * MINUTE);
  events = [...(await rollOutVersion('v2')), ...(await rollOutVersion('v3'))];
});
afterAll(() => aws?.close());

async function rollOutVersion(version: string): Promise<readonly Event[]> {
  const { clients, clock } = aws;
  const rollout = rolloutRequest({ steps: [50, 100], keepOld: 0 });
  const service = await aws.until(
    preflight({ service: 'web', cluster: 'shop', rollout }, clients, { clock, tell() {} }),
  );
  const told: Event[] = [];
  const lease = await leaseOf(clients, clock);
  await aws.until(lease.claim(new AbortController().signal));
  await aws.until(lease.held());
  const ports = await connectRollout(
    {
      rollout,
      service,
      release: { taskDefinitionArn: await aws.register(version) },
      serviceDeploymentArn: null,
    },
    {
      clients,
      lease,
      clock,
      cancelled: new AbortController().signal,
      tell: (event) => told.push({ ...event, at: clock.now() }),
    },
  );
  await aws.until(rollOut(rollout, ports));
  await aws.until(lease.release());
  await aws.until(lease.release());
  await clock.advance(30 * MINUTE);
  return told;
}

const ask = (service: string, cluster: string, ...args: string[]): Promise<Called> =>
  aws.until(
    call(['judge', '--service', service, '--cluster', cluster, ...args], {
      env: { AWS_REGION: 'eu-west-1' },
      clock: aws.clock,
      clients: aws.clients,
    }),
  );

test('a saved recording gives the same verdicts as the rollout, evaluation by evaluation', async () => {
  const looks = events.filter((event) => event.kind === 'evaluated' && event.minutes.length > 0);
  const verdicts = new Set<string>();
  for (const look of looks) {
    if (look.kind !== 'evaluated') continue;
    verdicts.add(look.verdict);
    const { stdout } = await call(['judge', '-'], { files: { '-': JSON.stringify(recordingOf([look])) } });
    const { verdict, because, evidence } = look;
    expect(JSON.parse(stdout)).toMatchObject({ verdict, because, evidence });
  }
  expect(verdicts).toEqual(new Set(['hold', 'pass', 'rollback']));
});

describe('judge --service', () => {
  const few = ['--from', '2h', '--length', '30m', '--rollouts', '30'];

  test('reads the traffic of both target groups and simulates rollouts with it', async () => {
    const { code, stdout, stderr } = await ask('web', 'shop', ...few);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const result: Backtest = JSON.parse(stdout);
    // During the rollouts, the requests of the smaller arm are left out.
    expect(result.traffic.requestsPerMinute).toBeGreaterThan(0.8 * RATE * 60);
    expect(result.traffic.requestsPerMinute).toBeLessThan(1.1 * RATE * 60);
    expect(result.traffic.errorRate).toBeCloseTo(0.002, 2);
    expect(result.traffic.latency).toBe(true);
    expect(result.rolledBackForNothing).toMatchObject({ rollouts: 30 });
    expect(result.rolledBackForNothing.atLeast).toBeLessThan(0.01);
    expect(result.faults.find(({ errorRate }) => errorRate === 0.5)?.found).toBe(6);
    expect(result.terms).toMatchObject({ sharePercent: 10, lengthMinutes: 30, periodSeconds: 60 });
  });

  test('takes days, and a length below the default step-timeout', async () => {
    const { code, stdout, stderr } = await ask(
      'web',
      'shop',
      '--from',
      '7d',
      '--length',
      '5m',
      '--rollouts',
      '30',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ terms: { lengthMinutes: 5 } });
    const wrong = await ask('web', 'shop', '--from', '7d', '--length', '5m', '--step-timeout', '10m');
    expect(wrong).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('5m is shorter than step-timeout, 10m'),
    });
  });

  test('gives the same result for the same seed, and a different one for a different seed', async () => {
    const first = await ask('web', 'shop', ...few);
    const same = await ask('web', 'shop', ...few);
    const other = await ask('web', 'shop', ...few, '--seed', '2');
    expect(same.stdout).toBe(first.stdout);
    expect(JSON.parse(other.stdout)).not.toMatchObject({ passed: JSON.parse(first.stdout).passed });
  });

  test('prints text, with the given settings', async () => {
    const { stdout } = await ask(
      'web',
      'shop',
      ...few,
      '--explain',
      '--share',
      '25',
      '--error-tolerance',
      '5%',
      '--warm-up',
      '4m',
    );
    expect(stdout).toMatch(/^Service web of cluster shop from 2026-/);
    expect(stdout).toContain('with 25% of the requests to a new revision, evaluated by errors and latency');
    expect(stdout).toMatch(/^Settings: .*error-tolerance 0.05, .*warm-up 4m, metric-delay 2m$/m);
    expect(stdout).toContain('Recommendation: ');
  });

  test('takes service, cluster and settings from ecs-ramp.yml', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ecs-ramp-judge-'));
    try {
      const text = `
defaults: { cluster: shop, aws-region: eu-west-1, error-tolerance: 5%, step-timeout: 20m }
services: { front: { service: web } }
`;
      writeFileSync(join(folder, 'ecs-ramp.yml'), text);
      const args = ['judge', '--config', 'ecs-ramp.yml', ...few];
      const where = { clock: aws.clock, clients: aws.clients, cwd: folder };
      const { stdout, stderr } = await aws.until(call(args, where));
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toMatchObject({
        service: 'web',
        cluster: 'shop',
        terms: { settings: { errorTolerance: 0.05 } },
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('lists the existing services or clusters if the given one does not exist', async () => {
    const noService = await ask('wbe', 'shop', ...few);
    expect(noService).toMatchObject({ code: 1, stdout: '' });
    expect(noService.stderr).toContain('has no service "wbe". Its services: web.');
    const noCluster = await ask('web', 'shpo', ...few);
    expect(noCluster.stderr).toContain('there is no cluster "shpo"');
  });

  test('names the missing permission', async () => {
    aws.wire.faults.add([
      { service: 'cloudwatch', operation: 'GetMetricData', error: 'AccessDeniedException' },
    ]);
    try {
      const { code, stdout, stderr } = await ask('web', 'shop', ...few);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('allow cloudwatch:GetMetricData');
    } finally {
      aws.wire.faults.clear();
    }
  });
});
