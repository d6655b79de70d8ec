import {
  PutLogAlarmCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
  type StateValue,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { firedInWords, lookAtAlarms } from '../../../../src/rollout/health/alarms.ts';
import { checkAlarms } from '../../../../src/rollout/preflight/alarms.ts';
import { MINUTE } from '../../../../src/core/time/clock.ts';
import { createSimulatedAws, type SimulatedAws } from '../../../support/simulated-aws.ts';

let aws: SimulatedAws;
beforeEach(async () => {
  aws = await createSimulatedAws({ versions: {}, rate: 1 });
  await alarm('latency');
  await alarm('queue');
});
afterEach(() => aws.close());

async function alarm(AlarmName: string): Promise<void> {
  const cloudWatch = await aws.clients.cloudWatch();
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName,
      Namespace: 'Shop',
      MetricName: 'Depth',
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 10,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'ignore',
    }),
  );
}

async function set(AlarmName: string, StateValue: StateValue): Promise<void> {
  const cloudWatch = await aws.clients.cloudWatch();
  await cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'p99 over 2 s' }));
}

const look = async (startedAt: number) =>
  lookAtAlarms(await aws.clients.cloudWatch(), ['latency', 'queue', 'typo'], startedAt);

test('an alarm that was quiet at the start and fires is evidence against the release, with its reason', async () => {
  await set('latency', 'OK');
  await aws.clock.advance(MINUTE);
  const startedAt = aws.clock.now();
  expect((await look(startedAt)).fired).toEqual([]);
  await aws.clock.advance(MINUTE);
  await set('latency', 'ALARM');
  const { fired } = await look(startedAt);
  expect(fired).toEqual([{ name: 'latency', reason: 'p99 over 2 s' }]);
  expect(firedInWords(fired)).toBe('Alarm "latency" fired during the rollout: p99 over 2 s');
});

test('an alarm that fired before the start is reported and ignored, also by a run that takes over', async () => {
  await set('queue', 'ALARM');
  await aws.clock.advance(MINUTE);
  const startedAt = aws.clock.now();
  await aws.clock.advance(10 * MINUTE);
  expect(await look(startedAt)).toMatchObject({ fired: [], firingBefore: ['queue'] });
});

test('one that recovers and fires again counts', async () => {
  await set('queue', 'ALARM');
  await aws.clock.advance(MINUTE);
  const startedAt = aws.clock.now();
  await set('queue', 'OK');
  await aws.clock.advance(MINUTE);
  await set('queue', 'ALARM');
  expect((await look(startedAt)).fired.map(({ name }) => name)).toEqual(['queue']);
});

describe('a log alarm', () => {
  beforeEach(async () => {
    const cloudWatch = await aws.clients.cloudWatch();
    await cloudWatch.send(
      new PutLogAlarmCommand({
        AlarmName: 'panics',
        ScheduledQueryConfiguration: {
          QueryString: 'fields @message | filter @message like /panic/',
          LogGroupIdentifiers: ['/ecs/web'],
          ScheduledQueryRoleARN: 'arn:aws:iam::123456789012:role/logs',
          ScheduleConfiguration: { ScheduleExpression: 'rate(1 minute)', StartTimeOffset: 60 },
          AggregationExpression: 'count(*)',
        },
        QueryResultsToEvaluate: 1,
        QueryResultsToAlarm: 1,
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    );
  });

  test('is known before the start, and rolls back when it fires', async () => {
    const cloudWatch = await aws.clients.cloudWatch();
    expect(await checkAlarms(cloudWatch, ['panics', 'queue'])).toEqual({ problems: [], remarks: [] });
    await set('panics', 'OK');
    const startedAt = aws.clock.now();
    await aws.clock.advance(MINUTE);
    await set('panics', 'ALARM');
    const { fired, unknown } = await lookAtAlarms(cloudWatch, ['latency', 'panics'], startedAt);
    expect(fired).toEqual([{ name: 'panics', reason: 'p99 over 2 s' }]);
    expect(unknown).toEqual([]);
  });
});

test('where CloudWatch does not know log alarms, the others are watched', async () => {
  aws.wire.faults.add([
    { service: 'cloudwatch', operation: 'DescribeAlarms', error: 'ValidationError', times: 1 },
  ]);
  await set('latency', 'ALARM');
  const { fired, unknown } = await look(0);
  expect(fired.map(({ name }) => name)).toEqual(['latency']);
  expect(unknown).toEqual(['typo']);
});

test('before the start, an unknown alarm is a problem, and a firing alarm is a remark', async () => {
  await set('queue', 'ALARM');
  const { problems, remarks } = await checkAlarms(await aws.clients.cloudWatch(), ['queue', 'typo']);
  expect(problems).toEqual(['alarms: there is no CloudWatch alarm "typo" in this region.']);
  expect(remarks).toEqual([expect.stringContaining('"queue" is already in the state ALARM')]);
});
