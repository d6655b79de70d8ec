import { afterEach, expect, jest, test } from '@jest/globals';
import type { NewEvent, SmokeTested } from '../../../src/core/trail/event.ts';
import { connectRollout } from '../../../src/rollout/connect.ts';
import { preflight } from '../../../src/rollout/preflight/preflight.ts';
import { rollOut } from '../../../src/rollout/rollout.ts';
import { leaseOf } from '../../support/lease.ts';
import { rolloutRequest } from '../../support/rollout-request.ts';
import { createSimulatedAws, type SimulatedAws } from '../../support/simulated-aws.ts';

jest.setTimeout(120_000);

let aws: SimulatedAws;
afterEach(() => aws.close());

const answer = (different: Partial<SmokeTested> = {}): SmokeTested => ({
  kind: 'smoke-tested',
  url: 'https://shop.example.com/',
  expected: 200,
  of: 1,
  passed: 1,
  problem: null,
  ...different,
});
const UNSENT = answer({ passed: 0, problem: 'could not be sent: getaddrinfo EAI_AGAIN', unsent: true });

/** Rolls out a good release. `smokeTest` gets the time since its first call. */
async function release(smokeTest: (since: number) => SmokeTested) {
  aws = await createSimulatedAws({ versions: { v2: {} }, testPort: 8080 });
  const { clients, clock } = aws;
  const rollout = rolloutRequest({
    strategy: 'blue-green',
    smokeTests: [{ path: '/', status: 200, times: 1 }],
  });
  const told: NewEvent[] = [];
  const tell = (event: NewEvent) => void told.push(event);
  const service = await aws.until(
    preflight({ service: 'web', cluster: 'shop', rollout }, clients, { clock, tell }),
  );
  const ports = await connectRollout(
    {
      rollout,
      service,
      release: { taskDefinitionArn: await aws.register('v2') },
      serviceDeploymentArn: null,
    },
    { clients, lease: await leaseOf(clients, clock), clock, tell, cancelled: new AbortController().signal },
  );
  let first: number | null = null;
  const result = await aws.until(
    rollOut(rollout, {
      ...ports,
      smokeTest: async () => [smokeTest(clock.now() - (first ??= clock.now()))],
    }),
  );
  return { result, told };
}

test('a smoke test that cannot be sent for some seconds is tried again', async () => {
  const { result, told } = await release((since) => (since < 30_000 ? UNSENT : answer()));
  expect(result).toMatchObject({ outcome: 'deployed' });
  expect(told.filter(({ kind }) => kind === 'smoke-tested')).toEqual([answer()]);
});

test('a smoke test that can never be sent rolls back without blaming the release', async () => {
  const { result, told } = await release(() => UNSENT);
  expect(result).toMatchObject({ outcome: 'rolled-back', canaryPercent: 0 });
  const requested = told.find((event) => event.kind === 'rollback-requested');
  expect(requested).toMatchObject({
    cause: 'problem',
    reason: expect.stringMatching(/could not be made, which says nothing about the new revision/),
  });
  expect(told.some(({ kind }) => kind === 'step-started')).toBe(false);
});

test('a wrong answer is not asked for again', async () => {
  let asked = 0;
  const { told } = await release(() => {
    asked++;
    return answer({ passed: 0, problem: 'answered 500 instead of 200' });
  });
  expect(asked).toBe(1);
  expect(told).toContainEqual(expect.objectContaining({ kind: 'rollback-requested', cause: 'smoke-test' }));
});
