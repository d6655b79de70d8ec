import { describe, expect, test } from '@jest/globals';
import type { DescribeAlarmsOutput, PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import { NOON, cloudWatchAtNoon, query } from './support.ts';

const MINUTE = 60_000;

const described = (output: DescribeAlarmsOutput) => output;

function withAlarm(change: Partial<PutMetricAlarmInput> = {}, lag = 0) {
  const cloudWatch = cloudWatchAtNoon({ lag });
  const { Metric, Period } = query('HTTPCode_Target_5XX_Count', 'Sum');
  cloudWatch.call('PutMetricAlarm', {
    AlarmName: 'errors',
    ...Metric,
    Statistic: 'Sum',
    Period,
    EvaluationPeriods: 3,
    DatapointsToAlarm: 2,
    Threshold: 5,
    ComparisonOperator: 'GreaterThanThreshold',
    ...change,
  } satisfies PutMetricAlarmInput);
  const describe = () => described(cloudWatch.call('DescribeAlarms', {})).MetricAlarms![0]!;
  return {
    ...cloudWatch,
    describe,
    state: () => describe().StateValue,
    errorsInMinute: (minute: number, count: number) =>
      cloudWatch.record(
        'HTTPCode_Target_5XX_Count',
        NOON + minute * MINUTE,
        ...Array.from({ length: count }, () => 1),
      ),
  };
}

test('an alarm fires when enough of its periods breach, and is quiet again when they no longer do', async () => {
  const { clock, state, describe, errorsInMinute } = withAlarm();
  expect(state()).toBe('INSUFFICIENT_DATA');
  for (const [minute, count] of [1, 1, 1, 9, 9, 1, 1].entries()) errorsInMinute(minute, count);

  await clock.advance(3 * MINUTE);
  expect(state()).toBe('OK');
  await clock.advance(2 * MINUTE);
  expect(state()).toBe('ALARM');
  expect(describe().StateReason).toContain(
    '2 out of the last 3 datapoints [9, 9, 1] were greater than the threshold (5)',
  );
  expect(describe().StateTransitionedTimestamp).toEqual(new Date(NOON + 5 * MINUTE));
  await clock.advance(2 * MINUTE);
  expect(state()).toBe('OK');
});

test('points that are late are waited for, not taken as missing', async () => {
  const { clock, state, errorsInMinute } = withAlarm({ TreatMissingData: 'notBreaching' }, 2 * MINUTE);
  for (let minute = 0; minute < 10; minute++) errorsInMinute(minute, 9);
  await clock.advance(10 * MINUTE);
  expect(state()).toBe('ALARM');
});

describe('without any data', () => {
  test.each([
    ['missing', 'INSUFFICIENT_DATA'],
    ['breaching', 'ALARM'],
    ['notBreaching', 'OK'],
    ['ignore', 'INSUFFICIENT_DATA'],
  ])('%s makes it %s', async (treatment, expected) => {
    const { clock, state } = withAlarm({ TreatMissingData: treatment });
    await clock.advance(5 * MINUTE);
    expect(state()).toBe(expected);
  });
});

test('an alarm on an expression watches the line that is returned', async () => {
  const { clock, call, record } = cloudWatchAtNoon();
  call('PutMetricAlarm', {
    AlarmName: 'share',
    EvaluationPeriods: 1,
    Threshold: 0.1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    Metrics: [
      { Id: 'e', Expression: 'errors / requests' },
      { Id: 'errors', MetricStat: query('Errors', 'Sum'), ReturnData: false },
      { Id: 'requests', MetricStat: query('RequestCount', 'Sum'), ReturnData: false },
    ],
  });
  record('Errors', NOON, 1);
  record('RequestCount', NOON, 10);
  await clock.advance(MINUTE);
  expect(call('DescribeAlarms', {}).MetricAlarms[0].StateValue).toBe('ALARM');
});

test('a state that was set by hand lasts until the next evaluation', async () => {
  const { clock, call, state } = withAlarm({ TreatMissingData: 'notBreaching' });
  call('SetAlarmState', { AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'a drill' });
  expect(state()).toBe('ALARM');
  await clock.advance(MINUTE);
  expect(state()).toBe('OK');
});

test('composite alarms are described only when asked for', () => {
  const { call } = withAlarm();
  call('PutCompositeAlarm', { AlarmName: 'all', AlarmRule: 'ALARM(errors)' });
  const names = (input: object) => {
    const { MetricAlarms, CompositeAlarms } = described(call('DescribeAlarms', input));
    return [...MetricAlarms!, ...CompositeAlarms!].map(({ AlarmName }) => AlarmName);
  };
  expect(names({})).toEqual(['errors']);
  expect(names({ AlarmTypes: ['CompositeAlarm'] })).toEqual(['all']);
  expect(names({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], AlarmNames: ['all', 'errors'] })).toEqual([
    'errors',
    'all',
  ]);
});

test('a deleted alarm is gone, and one that is not there is ignored', async () => {
  const { clock, call } = withAlarm({ TreatMissingData: 'breaching' });
  call('DeleteAlarms', { AlarmNames: ['missing', 'errors'] });
  await clock.advance(5 * MINUTE);
  expect(call('DescribeAlarms', {}).MetricAlarms).toEqual([]);
});

test.each([
  [{ ComparisonOperator: 'GreaterThanUpperThreshold' as const }, /thresholds only/],
  [{ TreatMissingData: 'maybe' }, /TreatMissingData/],
  [{ DatapointsToAlarm: 4 }, /DatapointsToAlarm/],
  [{ Period: 45 }, /period is/],
  [{ Statistic: undefined, ExtendedStatistic: '90' }, /The value 90 for parameter ExtendedStatistic/],
  [{ EvaluateLowSampleCountPercentile: 'never' }, /Supported options/],
  [{ Metrics: [] }, /Exactly one element/],
])('%j is refused', (change, message) => {
  expect(() => withAlarm(change)).toThrow(message);
});
