import { ListServicesCommand } from '@aws-sdk/client-ecs';
import { DescribeRulesCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, test } from '@jest/globals';
import { createFaults } from '../../../sandbox/faults/faults.ts';
import { createWire, inProcess, knowsOperation } from '../../../sandbox/wire/wire.ts';
import { createAwsTime } from '../../../src/aws/aws-time.ts';
import { createClients } from '../../../src/aws/clients.ts';
import { MINUTE, SECOND, type Clock, type Milliseconds } from '../../../src/core/time/clock.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

/** A runner whose clock is wrong, and an AWS that refuses signatures of another time. */
function runnerThatIs(off: Milliseconds) {
  // The SDK signs with the platform's time, so the time of AWS is shifted instead.
  const aws = createVirtualClock(Date.now() - off);
  const local: Clock = { now: () => aws.now() + off, after: (delay, callback) => aws.after(delay, callback) };
  const notices: string[] = [];
  const time = createAwsTime(local, (message) => notices.push(message));
  const wire = createWire({
    services: [
      { name: 'ecs', operations: { ListServices: () => ({ serviceArns: [] }) } },
      { name: 'elastic-load-balancing-v2', operations: { DescribeRules: () => ({ Rules: [] }) } },
    ],
    faults: createFaults(knowsOperation),
    clock: aws,
    account: '123456789012',
    checksTime: true,
    onFailure: () => {},
  });
  const clients = createClients({
    region: 'eu-west-1',
    version: 'test',
    heard: time.heard,
    overrides: {
      endpoint: 'http://sandbox',
      credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
      requestHandler: inProcess(wire),
    },
  });
  return { aws, time, clients, notices, wire };
}

describe.each([-10, -4, 4, 10])('a runner whose clock is %i minutes off', (minutes) => {
  test('is heard by AWS all the same, and knows AWS’s time from then on', async () => {
    const { aws, time, clients, notices } = runnerThatIs(minutes * MINUTE);
    const [ecs, elb] = await Promise.all([clients.ecs(), clients.elasticLoadBalancing()]);
    await expect(ecs.send(new ListServicesCommand({}))).resolves.toMatchObject({ serviceArns: [] });
    await expect(elb.send(new DescribeRulesCommand({}))).resolves.toMatchObject({ Rules: [] });
    await aws.advance(20 * MINUTE);
    expect(Math.abs(time.clock.now() - aws.now())).toBeLessThanOrEqual(SECOND);
    expect(notices).toEqual([
      expect.stringContaining(`${Math.abs(minutes)}.0 minutes ${minutes > 0 ? 'fast' : 'slow'}`),
    ]);
  });
});

test('beyond five minutes the first try is refused, and the SDK corrects its signatures', async () => {
  const { clients, wire } = runnerThatIs(7 * MINUTE);
  const ecs = await clients.ecs();
  await ecs.send(new ListServicesCommand({}));
  await ecs.send(new ListServicesCommand({}));
  expect(wire.calls.map(({ error }) => error)).toEqual(['InvalidSignatureException', null, null]);
});

test('a clock that is as good as right is left alone', async () => {
  const { time, clients, notices, aws } = runnerThatIs(3 * SECOND);
  await (await clients.ecs()).send(new ListServicesCommand({}));
  expect(time.clock.now() - aws.now()).toBe(3 * SECOND);
  expect(notices).toEqual([]);
});
