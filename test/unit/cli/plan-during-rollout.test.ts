import { afterEach, expect, jest, test } from '@jest/globals';
import type { Plan } from '../../../src/report/plan.ts';
import { openDeployedSandbox, type DeployedSandbox } from '../../support/deployed-sandbox.ts';
import { call } from './calls.ts';

jest.setTimeout(60_000);

let sandbox: DeployedSandbox | null = null;
afterEach(async () => {
  await sandbox?.close();
  sandbox = null;
});

test('during a rollout, a plan says who is at what step and compares with what serves', async () => {
  sandbox = await openDeployedSandbox();
  await sandbox.ramp(await sandbox.release('v2', 'c'.repeat(40)), 10);
  const { until, clock, clients } = sandbox;
  const place = ['--service', 'web', '--cluster', 'shop', '--aws-region', 'eu-west-1'];
  const args = [
    'plan',
    ...place,
    '--image',
    'registry.example.com/shop/web:v3',
    '--on-newer',
    'deploy',
    '--json',
  ];
  const { code, stdout, stderr } = await until(call(args, { clock, clients }));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const plan: Plan = JSON.parse(stdout);
  expect(plan.taskDefinition?.current).toMatch(/web:1$/);
  expect(plan.notices).toContainEqual(
    expect.stringMatching(
      /^A deployment of the service is in progress: web:2 \(commit ccccccc, by anna\) has 10% of production traffic, instead of web:1 .*This release would wait for its end .*compares with web:1, which serves\.$/,
    ),
  );
});
