import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeServicesCommand, ECSClient, ListServiceDeploymentsCommand } from '@aws-sdk/client-ecs';
import {
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, test } from '@jest/globals';
import { createFaults } from '../../../../sandbox/faults/faults.ts';
import { createLimits, type LimitedCall } from '../../../../sandbox/limits/limits.ts';
import { PUBLISHED } from '../../../../sandbox/limits/published.ts';
import { createWire, inProcess, knowsOperation } from '../../../../sandbox/wire/wire.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

const caller = { account: '123456789012', region: 'eu-west-1', accessKeyId: 'AKIATEST' };

/** The number of successful calls of a hundred calls at once. */
function admittedBy(limits: ReturnType<typeof createLimits>) {
  return (
    operation: string,
    service: LimitedCall['service'] = 'ecs',
    who: LimitedCall['caller'] = caller,
  ): number =>
    Array.from({ length: 200 }, () => limits.admits({ service, operation, caller: who })).filter(Boolean)
      .length;
}

describe('the limits of an account', () => {
  test('let a burst through, then what comes back each second, up to the burst again', async () => {
    const clock = createVirtualClock();
    const admitted = admittedBy(createLimits(clock));
    expect(admitted('UpdateService')).toBe(50);
    expect(admitted('UpdateService')).toBe(0);
    await clock.advance(1_000);
    expect(admitted('UpdateService')).toBe(5);
    await clock.advance(3_600_000);
    expect(admitted('UpdateService')).toBe(50);
  });

  test('are shared by the operations of a category, and by nothing else', () => {
    const admitted = admittedBy(createLimits(createVirtualClock()));
    expect(admitted('DescribeServiceDeployments')).toBe(50);
    expect(admitted('ListServiceDeployments')).toBe(0);
    expect(admitted('DescribeServiceRevisions')).toBe(50);
    expect(admitted('RegisterTaskDefinition')).toBe(20);
  });

  test('of Elastic Load Balancing are for all of its calls together', async () => {
    const clock = createVirtualClock();
    const admitted = admittedBy(createLimits(clock));
    expect(admitted('DescribeRules', 'elastic-load-balancing-v2')).toBe(40);
    expect(admitted('ModifyRule', 'elastic-load-balancing-v2')).toBe(0);
    await clock.advance(1_000);
    expect(admitted('ModifyRule', 'elastic-load-balancing-v2')).toBe(10);
  });

  test('are each account’s and region’s own', () => {
    const admitted = admittedBy(createLimits(createVirtualClock()));
    admitted('UpdateService');
    expect(admitted('UpdateService', 'ecs', { ...caller, region: 'us-east-1' })).toBe(50);
    expect(admitted('UpdateService', 'ecs', { ...caller, account: '210987654321' })).toBe(50);
  });

  test('name operations that there are', () => {
    const unknown = PUBLISHED.flatMap(({ service, operations }) =>
      (operations ?? []).filter((operation) => !knowsOperation(service, operation)),
    );
    expect(unknown).toEqual([]);
  });
});

test('over the wire a throttled call looks to each SDK client as AWS’s does', async () => {
  const wire = createWire({
    services: [],
    faults: createFaults(knowsOperation),
    limits: { admits: () => false },
    clock: createVirtualClock(),
    account: caller.account,
    onFailure: () => {},
  });
  const configuration = {
    region: 'eu-west-1',
    endpoint: 'http://sandbox',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    requestHandler: inProcess(wire),
    maxAttempts: 1,
  };
  const rateExceeded = { message: 'Rate exceeded', $metadata: { httpStatusCode: 400 } };
  const ecs = new ECSClient(configuration);
  await expect(ecs.send(new DescribeServicesCommand({ services: ['web'] }))).rejects.toMatchObject({
    name: 'ThrottlingException',
    ...rateExceeded,
  });
  await expect(ecs.send(new ListServiceDeploymentsCommand({ service: 'web' }))).rejects.toMatchObject({
    name: 'ThrottlingException',
  });
  await expect(
    new ElasticLoadBalancingV2Client(configuration).send(new DescribeRulesCommand({})),
  ).rejects.toMatchObject({ name: 'Throttling', ...rateExceeded });
  await expect(new CloudWatchClient(configuration).send(new DescribeAlarmsCommand({}))).rejects.toMatchObject(
    { name: 'ThrottlingException', ...rateExceeded },
  );
});
