import { expect, test } from '@jest/globals';
import { unchanged } from '../../../../src/commands/deploy/unchanged.ts';
import { problemsOf } from '../../../../src/core/failure.ts';
import { MINUTE } from '../../../../src/core/time/clock.ts';
import { checkRelease } from '../../../../src/rollout/preflight/preflight.ts';
import { rolloutRequest } from '../../../support/rollout-request.ts';
import { createSimulatedAws } from '../../../support/simulated-aws.ts';

test('a release that the service already runs is unchanged only while a target is healthy', async () => {
  let isWell = true;
  const aws = await createSimulatedAws({
    versions: {},
    behaviourNow: ({ behaviour }) => ({ ...behaviour, healthy: isWell }),
  });
  const request = { service: 'web', cluster: 'shop', rollout: rolloutRequest() };
  const facts = await aws.until(checkRelease(request, aws.clients, { clock: aws.clock, tell() {} }));
  const run = () => aws.until(unchanged(aws.clients.elasticLoadBalancing, facts));
  expect(await run()).toMatchObject({ outcome: 'unchanged' });
  isWell = false;
  await aws.clock.advance(5 * MINUTE);
  const problems = await run().then(() => [], problemsOf);
  expect(problems).toEqual([
    expect.stringContaining('already runs this release, but none of its targets is healthy'),
  ]);
  await aws.close();
});
