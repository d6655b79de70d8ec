// How fast each way back is, on the virtual clock. docs/outcomes.md shows the times.
import { afterEach, expect, jest, test } from '@jest/globals';
import { rollBackRelease } from '../../../../src/commands/rollback/rollback.ts';
import { identify } from '../../../../src/core/run.ts';
import { HOUR, MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
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

const command = (rollout = rolloutRequest({ steps: [100] })) =>
  rollBackRelease(rollbackRequest({ rollout }), {
    clients: sandbox.clients,
    clock: sandbox.clock,
    run: identify({}),
    cancelled: new AbortController().signal,
    by: 'Anna',
    tell() {},
  });

test.each([
  ['rollback while the old revision is kept', HOUR, () => sandbox.until(command()), 5 * SECOND],
  [
    'a release of the old revision while it is kept',
    HOUR,
    () => releaseJob(sandbox, { image: image('v1'), rollout: rolloutRequest() }),
    5 * SECOND,
  ],
  ['rollback when the old revision is gone', 0, () => sandbox.until(command()), MINUTE],
  [
    'a release of the old image when its revision is gone',
    0,
    () => releaseJob(sandbox, { image: image('v1'), rollout: rolloutRequest() }),
    30 * MINUTE,
  ],
])('%s', async (_, keepOld, goBack, limit) => {
  let movedAt = 0;
  const box: { sandbox?: DeployedSandbox } = {};
  sandbox = box.sandbox = await openDeployedSandbox({
    firstImage: image('v1').reference,
    watchWeights: () => (movedAt = box.sandbox?.clock.now() ?? 0),
  });
  await releaseJob(sandbox, { image: image('v2'), rollout: rolloutRequest({ steps: [100], keepOld }) });
  await sandbox.clock.advance(5 * MINUTE);
  const since = sandbox.clock.now();
  await goBack();
  expect(movedAt).toBeGreaterThan(since);
  expect(movedAt - since).toBeLessThan(limit);
});
