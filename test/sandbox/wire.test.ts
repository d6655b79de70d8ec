import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createApplicationAutoScaling } from '../../sandbox/application-auto-scaling/application-auto-scaling.ts';
import { createFaults } from '../../sandbox/faults/faults.ts';
import { createSts } from '../../sandbox/sts/sts.ts';
import { createWire, knowsOperation, listen } from '../../sandbox/wire/wire.ts';
import { systemClock } from '../../src/core/time/clock.ts';

const received: number[] = [];
const wire = createWire({
  services: [
    createSts({ clock: systemClock }).service,
    createApplicationAutoScaling({ clock: systemClock, account: '123456789012', region: 'eu-west-1' })
      .service,
    {
      name: 'cloudwatch',
      operations: {
        PutMetricData: (input: { MetricData: unknown[] }) => {
          received.push(input.MetricData.length);
          return {};
        },
      },
    },
  ],
  faults: createFaults(knowsOperation),
  clock: systemClock,
  account: '123456789012',
  onFailure: (error) => console.error(error),
});
let server: Awaited<ReturnType<typeof listen>>;

beforeAll(async () => {
  server = await listen(wire, 0);
});
beforeEach(() => wire.faults.clear());
afterAll(() => server.close());

const configuration = (maxAttempts = 1) => ({
  region: 'eu-west-1',
  endpoint: server.endpoint,
  credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
  maxAttempts,
});
const identity = (maxAttempts?: number) =>
  new STSClient(configuration(maxAttempts)).send(new GetCallerIdentityCommand({}));

const control = async (method: string, path: string, body?: unknown) => {
  const answer = await fetch(`${server.endpoint}/_sandbox/${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
};

test('reads compressed requests', async () => {
  const MetricData = Array.from({ length: 400 }, (_, index) => ({
    MetricName: `metric-number-${index}`,
    Value: 1,
  }));
  const client = new CloudWatchClient({ ...configuration(), requestMinCompressionSizeBytes: 0 });
  await client.send(new PutMetricDataCommand({ Namespace: 'Shop', MetricData }));
  expect(received).toEqual([400]);
});

test('reports its health and the calls that were made', async () => {
  await identity();
  expect(await control('GET', 'health')).toMatchObject({ status: 200, body: { status: 'ok' } });
  const { body } = await control('GET', 'calls');
  expect(body).toContainEqual({
    service: 'sts',
    operation: 'GetCallerIdentity',
    at: expect.any(Number),
    status: 200,
    error: null,
  });
});

test('sets, lists and removes faults over HTTP', async () => {
  const fault = {
    service: 'sts',
    operation: 'GetCallerIdentity',
    error: 'Throttling',
    message: 'Rate exceeded',
  };
  expect(await control('POST', 'faults', [fault])).toMatchObject({ status: 200, body: [fault] });
  expect(await control('GET', 'faults')).toMatchObject({ body: [fault] });
  await expect(identity()).rejects.toMatchObject({ name: 'Throttling', message: 'Rate exceeded' });
  await control('DELETE', 'faults');
  await expect(identity()).resolves.toMatchObject({ Account: '123456789012' });
  expect(await control('POST', 'faults', [{ ...fault, oepration: 'x' }])).toEqual({
    status: 400,
    body: { message: 'A fault has no "oepration".' },
  });
});

test('a dropped connection is a retryable error for the client', async () => {
  wire.faults.add([{ service: 'sts', operation: 'GetCallerIdentity', drop: 'after', times: 1 }]);
  await expect(identity()).rejects.toThrow('socket hang up');
  wire.faults.add([{ service: 'sts', operation: 'GetCallerIdentity', drop: 'before', times: 1 }]);
  await expect(identity(2)).resolves.toMatchObject({ Account: '123456789012' });
});

test('delays an answer', async () => {
  wire.faults.add([{ service: 'sts', operation: '*', delay: 300, times: 1 }]);
  const start = performance.now();
  await identity();
  expect(performance.now() - start).toBeGreaterThanOrEqual(290);
});

test('answers a request that is not an AWS call with an error', async () => {
  const answer = await fetch(`${server.endpoint}/v2/apis`);
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain('GET /v2/apis is not a call of a service of the sandbox.');
});

test('fails on an occupied port', async () => {
  await expect(listen(wire, Number(new URL(server.endpoint).port))).rejects.toThrow('EADDRINUSE');
});

test('stores scaling targets, policies and suspensions', async () => {
  const client = new ApplicationAutoScalingClient(configuration());
  const target = {
    ServiceNamespace: 'ecs' as const,
    ResourceId: 'service/shop/web',
    ScalableDimension: 'ecs:service:DesiredCount' as const,
  };
  const policy = {
    ...target,
    PolicyName: 'cpu',
    PolicyType: 'TargetTrackingScaling' as const,
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: 60,
      PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' as const },
    },
  };
  await expect(client.send(new PutScalingPolicyCommand(policy))).rejects.toMatchObject({
    name: 'ObjectNotFoundException',
    message:
      'No scalable target registered for service namespace: ecs, resource ID: service/shop/web, scalable dimension: ecs:service:DesiredCount',
  });
  await client.send(new RegisterScalableTargetCommand({ ...target, MinCapacity: 1, MaxCapacity: 4 }));
  await client.send(
    new RegisterScalableTargetCommand({ ...target, SuspendedState: { DynamicScalingInSuspended: true } }),
  );
  await client.send(new PutScalingPolicyCommand(policy));

  const targets = await client.send(new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs' }));
  expect(targets.ScalableTargets).toEqual([
    expect.objectContaining({
      ...target,
      MinCapacity: 1,
      MaxCapacity: 4,
      SuspendedState: {
        DynamicScalingInSuspended: true,
        DynamicScalingOutSuspended: false,
        ScheduledScalingSuspended: false,
      },
    }),
  ]);
  const policies = await client.send(
    new DescribeScalingPoliciesCommand({ ServiceNamespace: 'ecs', ResourceId: 'service/shop/web' }),
  );
  expect(policies.ScalingPolicies).toEqual([expect.objectContaining(policy)]);
  const others = await client.send(
    new DescribeScalingPoliciesCommand({ ServiceNamespace: 'ecs', ResourceId: 'service/shop/api' }),
  );
  expect(others.ScalingPolicies).toEqual([]);
});
