import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { listen } from '../../../../../sandbox/wire/wire.ts';
import { HOUR, MINUTE } from '../../../../../src/core/time/clock.ts';
import { openDeployedSandbox, type DeployedSandbox } from '../../../../support/deployed-sandbox.ts';
import { type ActionRunner, createActionRunner } from '../../../../support/actions-from-source.ts';
import { createVirtualClock } from '../../../../support/virtual-clock.ts';

// A process of its own.
jest.setTimeout(30_000);

const DAY = 24 * HOUR;
const folder = mkdtempSync(join(tmpdir(), 'ecs-ramp-clean-up-'));
const config = join(folder, 'ecs-ramp.yml');
let sandbox: DeployedSandbox;
let actionRunner: ActionRunner;
let server: Awaited<ReturnType<typeof listen>>;
beforeAll(async () => {
  sandbox = await openDeployedSandbox({ clock: createVirtualClock(Date.now() - 11 * MINUTE) });
  [actionRunner, server] = await Promise.all([createActionRunner(), listen(sandbox.wire, 0)]);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all([actionRunner.close(), server.close(), sandbox.close()]);
});

test('the action handles the services of the file, deregisters and deletes, and reports it', async () => {
  const images = ['v1', 'v2', 'v3', 'v4'].map((tag, index) =>
    sandbox.ecr.push('shop/web', tag, (20 - index) * DAY),
  );
  const revisions: string[] = [];
  for (const image of images) revisions.push(await sandbox.release(image, 'c'.repeat(40)));
  writeFileSync(
    config,
    `services: { web: { cluster: shop, aws-region: eu-west-1, repository: shop/web, keep-revisions: 2, keep-images: 3 } }`,
  );
  const environment = {
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'secret',
  };
  const told = await actionRunner.run('reconcile', { config }, environment);
  expect(told.outputs).toMatchObject({ state: 'clean' });
  expect(JSON.parse(told.outputs['deregistered-task-definitions']!)).toEqual(revisions.slice(0, 2));
  expect(JSON.parse(told.outputs['deleted-images']!)).toEqual([images[0]!.replace(/^[^/]+\//, '')]);
  expect(told.summary).toContain('- shop/web: images v1 were deleted: old and not in use');
  expect(told.exitCode).toBe(0);
});
