import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  DescribeAlarmsInput$,
  DescribeAlarmsOutput$,
  GetMetricDataCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { ECRClient, PutImageTagMutabilityCommand } from '@aws-sdk/client-ecr';
import { ECSClient, DescribeServicesCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import {
  DescribeRulesCommand,
  DescribeTagsCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from '@jest/globals';
import { CborCodec } from '@smithy/core/cbor';
import { createFaults } from '../../../../sandbox/faults/faults.ts';
import { createSts } from '../../../../sandbox/sts/sts.ts';
import { AwsError } from '../../../../sandbox/wire/service.ts';
import type { Operation, Service } from '../../../../sandbox/wire/service.ts';
import { createWire, inProcess, knowsOperation } from '../../../../sandbox/wire/wire.ts';
import { systemClock } from '../../../../src/core/time/clock.ts';

const authorization = 'AWS4-HMAC-SHA256 Credential=AKIATEST/20261121/eu-west-1/monitoring/aws4_request';

/** The request of a client that does not check its input. */
// oxlint-disable-next-line typescript/no-explicit-any -- wrong on purpose
const wrong = (input: object): any => input;

/** A wire to one service, whose operations record their inputs. */
function wireTo(name: Service['name'], operations: Record<string, Operation>) {
  const inputs: unknown[] = [];
  const kept = Object.fromEntries(
    Object.entries(operations).map(([operation, run]): [string, Operation] => [
      operation,
      (input, caller) => {
        inputs.push(input);
        return run(input, caller);
      },
    ]),
  );
  const failures: unknown[] = [];
  const wire = createWire({
    services: [{ name, operations: kept }, createSts({ clock: systemClock }).service],
    faults: createFaults(knowsOperation),
    clock: systemClock,
    account: '123456789012',
    onFailure: (error) => failures.push(error),
  });
  const configuration = (accessKeyId = 'AKIATEST') => ({
    region: 'eu-west-1',
    endpoint: 'http://sandbox',
    credentials: { accessKeyId, secretAccessKey: 'secret' },
    requestHandler: inProcess(wire),
    maxAttempts: 1,
  });
  return { wire, inputs, failures, configuration };
}

describe('JSON services', () => {
  test('give the operation what the client sent, and the client what the operation returned', async () => {
    const createdAt = new Date('2026-11-21T17:41:00.250Z');
    const { inputs, configuration } = wireTo('ecs', {
      UpdateService: (input: { service: string }, caller) => ({
        service: { serviceName: input.service, createdAt, tags: [{ key: 'region', value: caller.region }] },
      }),
    });
    const { service } = await new ECSClient(configuration()).send(
      new UpdateServiceCommand({
        service: 'web',
        deploymentConfiguration: { strategy: 'LINEAR', linearConfiguration: { stepPercent: 10.5 } },
        forceNewDeployment: false,
      }),
    );
    expect(inputs).toEqual([
      {
        service: 'web',
        deploymentConfiguration: { strategy: 'LINEAR', linearConfiguration: { stepPercent: 10.5 } },
        forceNewDeployment: false,
      },
    ]);
    expect(service).toMatchObject({
      serviceName: 'web',
      createdAt,
      tags: [{ key: 'region', value: 'eu-west-1' }],
    });
  });
  test('refuse with the modelled error and its members', async () => {
    const { configuration } = wireTo('ecs', {
      UpdateService: () => {
        throw new AwsError('ConflictException', 'Busy.', 400, { resourceIds: ['web'] });
      },
    });
    const update = new ECSClient(configuration()).send(new UpdateServiceCommand({ service: 'web' }));
    await expect(update).rejects.toMatchObject({
      name: 'ConflictException',
      message: 'Busy.',
      resourceIds: ['web'],
      $metadata: { httpStatusCode: 400 },
    });
  });

  test('refuse a missing member and a value of the wrong kind before the operation sees them', async () => {
    const { inputs, configuration } = wireTo('ecs', { UpdateService: () => ({}) });
    const client = new ECSClient(configuration());
    await expect(client.send(new UpdateServiceCommand(wrong({})))).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Service can not be blank.',
    });
    await expect(
      client.send(new UpdateServiceCommand(wrong({ service: 'web', desiredCount: 'three' }))),
    ).rejects.toMatchObject({
      name: 'SerializationException',
      message: 'STRING_VALUE can not be converted to a Number',
    });
    await expect(
      client.send(
        new UpdateServiceCommand(wrong({ service: 'web', loadBalancers: { targetGroupArn: 'x' } })),
      ),
    ).rejects.toMatchObject({ name: 'SerializationException' });
    expect(inputs).toEqual([]);
  });

  test.each([
    [{ service: 'web', propagateTags: 'UPWARDS' }, "'UPWARDS' at 'propagateTags'"],
    [
      { service: 'web', deploymentConfiguration: { lifecycleHooks: [{ targetType: 'SLEEP' }] } },
      "'SLEEP' at 'deploymentConfiguration.lifecycleHooks.1.member.targetType'",
    ],
    [
      {
        service: 'web',
        deploymentConfiguration: { lifecycleHooks: [{ lifecycleStages: ['POST_SCALE_UP', 'SOON'] }] },
      },
      "'SOON' at 'deploymentConfiguration.lifecycleHooks.1.member.lifecycleStages.2.member'",
    ],
  ])('refuse a value that an enum does not have: %j', async (input, message) => {
    const { inputs, configuration } = wireTo('ecs', { UpdateService: () => ({}) });
    await expect(
      new ECSClient(configuration()).send(new UpdateServiceCommand(wrong(input))),
    ).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(
        `1 validation error detected: Value ${message} failed to satisfy constraint: Member must satisfy enum value set: [`,
      ),
    });
    expect(inputs).toEqual([]);
  });

  test('refuse a list that is longer than AWS allows', async () => {
    const { configuration } = wireTo('cloudwatch', { DescribeAlarms: () => ({}) });
    const alarms = Array.from({ length: 101 }, (_, index) => `alarm-${index}`);
    const client = new CloudWatchClient(configuration());
    await client.send(new DescribeAlarmsCommand({ AlarmNames: alarms.slice(1) }));
    await expect(client.send(new DescribeAlarmsCommand({ AlarmNames: alarms }))).rejects.toThrow(
      "Value at 'alarmNames' failed to satisfy constraint: Member must have length less than or equal to 100",
    );
  });

  test('refuse in the words of ECR', async () => {
    const { configuration } = wireTo('ecr', { PutImageTagMutability: () => ({}) });
    const input = { repositoryName: 'shop', imageTagMutability: 'SOMETIMES' };
    await expect(
      new ECRClient(configuration()).send(new PutImageTagMutabilityCommand(wrong(input))),
    ).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(
        "Invalid parameter at 'imageTagMutability' failed to satisfy constraint: 'Member must satisfy enum value set: [",
      ),
    });
  });

  test('refuse a long list inside another one', async () => {
    const { configuration } = wireTo('cloudwatch', { PutMetricData: () => ({}) });
    const Values = Array.from({ length: 151 }, (_, index) => index);
    const input = { Namespace: 'Shop', MetricData: [{ MetricName: 'Orders', Values }] };
    await expect(new CloudWatchClient(configuration()).send(new PutMetricDataCommand(input))).rejects.toThrow(
      "Value at 'metricData.1.member.values' failed to satisfy constraint",
    );
  });

  test('name members that are missing deep inside, as each service does', async () => {
    const { configuration } = wireTo('cloudwatch', { GetMetricData: () => ({}) });
    const query = { MetricStat: { Metric: { MetricName: 'RequestCount' }, Period: 60 } };
    const request = wrong({ MetricDataQueries: [query], StartTime: new Date(0), EndTime: new Date(1) });
    await expect(
      new CloudWatchClient(configuration()).send(new GetMetricDataCommand(request)),
    ).rejects.toMatchObject({
      message: 'The parameter MetricDataQueries.1.member.id is required.',
    });
  });

  test('say that an operation of AWS is not in the sandbox', async () => {
    const { configuration } = wireTo('ecs', {});
    await expect(
      new ECSClient(configuration()).send(new DescribeServicesCommand({ services: ['web'] })),
    ).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: 'The sandbox has no ecs:DescribeServices.',
    });
  });

  test('a mistake of the sandbox is told, as an error of the server', async () => {
    const { failures, configuration } = wireTo('ecs', {
      UpdateService: () => {
        throw new TypeError('undefined is not a service');
      },
    });
    await expect(
      new ECSClient(configuration()).send(new UpdateServiceCommand({ service: 'web' })),
    ).rejects.toMatchObject({
      $fault: 'server',
      message: expect.stringContaining('undefined is not a service'),
    });
    expect(failures).toHaveLength(1);
  });

  test('so is an answer that cannot be put into words', async () => {
    const { failures, configuration } = wireTo('elastic-load-balancing-v2', {
      DescribeRules: () => ({ Rules: [{ Actions: [{ Order: {} }] }] }),
    });
    await expect(
      new ElasticLoadBalancingV2Client(configuration()).send(new DescribeRulesCommand({})),
    ).rejects.toMatchObject({ name: 'InternalFailure', $fault: 'server' });
    expect(failures).toHaveLength(1);
  });
});

describe('query services', () => {
  test('read nested lists, structures, numbers and booleans from the form', async () => {
    const { inputs, configuration } = wireTo('elastic-load-balancing-v2', {
      ModifyRule: () => ({ Rules: [] }),
    });
    const request = {
      RuleArn: 'arn:rule',
      Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/a b&c', '/ü/*'] } }],
      Actions: [
        {
          Type: 'forward' as const,
          Order: 1,
          ForwardConfig: {
            TargetGroups: Array.from({ length: 11 }, (_, index) => ({
              TargetGroupArn: `arn:${index}`,
              Weight: index,
            })),
            TargetGroupStickinessConfig: { Enabled: false, DurationSeconds: 60 },
          },
        },
      ],
    };
    const { Rules } = await new ElasticLoadBalancingV2Client(configuration()).send(
      new ModifyRuleCommand(request),
    );
    expect(inputs).toEqual([request]);
    expect(Rules).toEqual([]);
  });

  test('an empty list stays an empty list, and text survives XML', async () => {
    const { inputs, configuration } = wireTo('elastic-load-balancing-v2', {
      DescribeTags: () => ({
        TagDescriptions: [{ ResourceArn: 'a<b>&"c"', Tags: [{ Key: 'k', Value: '' }] }],
      }),
    });
    const { TagDescriptions } = await new ElasticLoadBalancingV2Client(configuration()).send(
      new DescribeTagsCommand({ ResourceArns: [] }),
    );
    expect(inputs).toEqual([{ ResourceArns: [] }]);
    expect(TagDescriptions).toEqual([{ ResourceArn: 'a<b>&"c"', Tags: [{ Key: 'k', Value: '' }] }]);
  });

  test('name their errors as the query protocol does, whichever name the service used', async () => {
    for (const code of ['RuleNotFound', 'RuleNotFoundException']) {
      const { wire, configuration } = wireTo('elastic-load-balancing-v2', {
        DescribeRules: () => {
          throw new AwsError(code, 'One or more rules not found');
        },
      });
      await expect(
        new ElasticLoadBalancingV2Client(configuration()).send(new DescribeRulesCommand({ RuleArns: ['x'] })),
      ).rejects.toMatchObject({
        name: 'RuleNotFoundException',
        message: 'One or more rules not found',
        $metadata: { httpStatusCode: 400 },
      });
      expect(wire.calls).toMatchObject([{ operation: 'DescribeRules', status: 400, error: 'RuleNotFound' }]);
    }
  });

  test('refuse a number that is none', async () => {
    const { inputs, configuration } = wireTo('elastic-load-balancing-v2', { DescribeRules: () => ({}) });
    await expect(
      new ElasticLoadBalancingV2Client(configuration()).send(
        new DescribeRulesCommand(wrong({ PageSize: 'many' })),
      ),
    ).rejects.toMatchObject({ name: 'MalformedInput', message: "Invalid number 'many' at 'PageSize'" });
    expect(inputs).toEqual([]);
  });

  test('STS says who one is', async () => {
    const { configuration } = wireTo('ecs', {});
    await expect(
      new STSClient(configuration()).send(new GetCallerIdentityCommand({})),
    ).resolves.toMatchObject({
      Account: '123456789012',
      Arn: 'arn:aws:sts::123456789012:assumed-role/sandbox/session',
    });
  });
});

describe('CloudWatch', () => {
  const StateUpdatedTimestamp = new Date('2026-11-21T17:41:00Z');
  const alarms = {
    DescribeAlarms: () => ({ MetricAlarms: [{ AlarmName: 'errors', StateUpdatedTimestamp }] }),
  };

  test('answers JSON, with the error code of the query protocol in a header', async () => {
    const { configuration } = wireTo('cloudwatch', {
      ...alarms,
      GetMetricData: () => {
        throw new AwsError('InvalidParameterValueException', 'Too long.');
      },
    });
    const client = new CloudWatchClient(configuration());
    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: ['errors'] }));
    expect(MetricAlarms).toEqual([{ AlarmName: 'errors', StateUpdatedTimestamp }]);
    await expect(
      client.send(
        new GetMetricDataCommand({ MetricDataQueries: [], StartTime: new Date(0), EndTime: new Date(1) }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidParameterValueException', Code: 'InvalidParameterValue' });
  });

  test('answers CBOR, which current CLIs speak', async () => {
    const { wire, inputs } = wireTo('cloudwatch', alarms);
    const codec = new CborCodec();
    const serializer = codec.createSerializer();
    serializer.write(DescribeAlarmsInput$, { AlarmNames: ['errors'], MaxRecords: 7 });
    const reply = await wire.answer({
      method: 'POST',
      path: '/service/GraniteServiceVersion20100801/operation/DescribeAlarms',
      query: new URLSearchParams(),
      headers: { authorization, 'smithy-protocol': 'rpc-v2-cbor' },
      body: serializer.flush(),
    });
    if (reply === 'dropped') throw new Error('no answer');
    expect(inputs).toEqual([{ AlarmNames: ['errors'], MaxRecords: 7 }]);
    expect(reply.headers['smithy-protocol']).toBe('rpc-v2-cbor');
    expect(codec.createDeserializer().read(DescribeAlarmsOutput$, Buffer.from(reply.body))).toEqual({
      MetricAlarms: [{ AlarmName: 'errors', StateUpdatedTimestamp }],
    });
  });

  test('answers the query protocol, which older CLIs speak', async () => {
    const { wire, inputs } = wireTo('cloudwatch', alarms);
    const reply = await wire.answer({
      method: 'POST',
      path: '/',
      query: new URLSearchParams(),
      headers: { authorization },
      body: Buffer.from('Action=DescribeAlarms&Version=2010-08-01&AlarmNames.member.1=errors'),
    });
    if (reply === 'dropped') throw new Error('no answer');
    expect(inputs).toEqual([{ AlarmNames: ['errors'] }]);
    expect(String(reply.body)).toContain(
      '<DescribeAlarmsResult><MetricAlarms><member><AlarmName>errors</AlarmName>',
    );
    expect(String(reply.body)).toContain(
      '<StateUpdatedTimestamp>2026-11-21T17:41:00Z</StateUpdatedTimestamp>',
    );
  });
});

describe('credentials', () => {
  test('an expired key is refused in the words of each protocol', async () => {
    const { inputs, configuration } = wireTo('ecs', { UpdateService: () => ({}) });
    await expect(
      new ECSClient(configuration('EXPIREDKEY')).send(new UpdateServiceCommand({ service: 'web' })),
    ).rejects.toMatchObject({
      name: 'ExpiredTokenException',
      message: 'The security token included in the request is expired',
    });
    await expect(
      new STSClient(configuration('EXPIREDKEY')).send(new GetCallerIdentityCommand({})),
    ).rejects.toMatchObject({ name: 'ExpiredToken', $metadata: { httpStatusCode: 403 } });
    expect(inputs).toEqual([]);
  });

  test('a request without a signature is refused', async () => {
    const { wire } = wireTo('ecs', { UpdateService: () => ({}) });
    const reply = await wire.answer({
      method: 'POST',
      path: '/',
      query: new URLSearchParams(),
      headers: { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.UpdateService' },
      body: Buffer.from('{"service":"web"}'),
    });
    expect(reply).toMatchObject({
      status: 400,
      body: expect.stringContaining('MissingAuthenticationTokenException'),
    });
  });
});

describe('faults', () => {
  test('a denied permission is worded as AWS does', async () => {
    const { wire, inputs, configuration } = wireTo('ecs', { UpdateService: () => ({}) });
    wire.faults.add([
      { service: 'ecs', operation: 'UpdateService', error: 'AccessDeniedException', times: 1 },
    ]);
    const client = new ECSClient(configuration());
    const update = () => client.send(new UpdateServiceCommand({ service: 'web', cluster: 'shop' }));
    await expect(update()).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message:
        'User: arn:aws:sts::123456789012:assumed-role/sandbox/session is not authorized to perform: ecs:UpdateService ' +
        'on resource: arn:aws:ecs:eu-west-1:123456789012:service/shop/web ' +
        'because no identity-based policy allows the ecs:UpdateService action',
    });
    expect(inputs).toEqual([]);
    await update();
    expect(inputs).toHaveLength(1);
  });

  test('strike after some calls, as often as they say', async () => {
    const { wire, configuration } = wireTo('ecs', { UpdateService: () => ({}) });
    wire.faults.add([{ service: 'ecs', operation: '*', error: 'ThrottlingException', after: 1, times: 2 }]);
    const client = new ECSClient(configuration());
    for (let call = 0; call < 4; call += 1)
      await client.send(new UpdateServiceCommand({ service: 'web' })).catch(() => {});
    expect(wire.calls.map(({ status }) => status)).toEqual([200, 400, 400, 200]);
    expect(wire.faults.pending()).toEqual([]);
  });

  test('a dropped connection leaves the operation undone or done', async () => {
    const { wire, inputs, configuration } = wireTo('ecs', { UpdateService: () => ({}) });
    const client = new ECSClient(configuration());
    const update = () => client.send(new UpdateServiceCommand({ service: 'web' }));
    wire.faults.add([{ service: 'ecs', operation: 'UpdateService', drop: 'before', times: 1 }]);
    await expect(update()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(inputs).toHaveLength(0);
    wire.faults.add([{ service: 'ecs', operation: 'UpdateService', drop: 'after', times: 1 }]);
    await expect(update()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(inputs).toHaveLength(1);
  });

  test.each([
    [{}, 'Expected a JSON array of faults.'],
    [[{ service: 'ecs', operation: 'UpdateServce', drop: 'after' }], 'There is no operation "UpdateServce"'],
    [[{ service: 'ecs', operation: 'UpdateService', erorr: 'x' }], 'A fault has no "erorr".'],
    [
      [{ service: 'ecs', operation: 'UpdateService', drop: 'during' }],
      'The "drop" of a fault must be "before" or "after".',
    ],
    [
      [{ service: 'ecs', operation: 'UpdateService', error: 'X', times: 0 }],
      'The "times" of a fault must be an integer of at least 1',
    ],
    [
      [{ service: 'ecs', operation: 'UpdateService' }],
      'A fault requires "error", "delay", "drop" or "metrics".',
    ],
  ])('that are misspelt are refused: %j', (json, message) => {
    const { wire } = wireTo('ecs', {});
    expect(() => wire.faults.add(json)).toThrow(message);
    expect(wire.faults.pending()).toEqual([]);
  });
});
