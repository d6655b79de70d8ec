import { deepEqual, equal, partialDeepStrictEqual } from 'node:assert/strict';
import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { MINUTE } from '../../../../src/core/time/clock.ts';
import type { ContractCase, Place } from '../contract.ts';
import { eventually, refused } from '../contract.ts';

const NAMESPACE = 'ecs-ramp/verify';

export const cloudWatchCases: readonly ContractCase[] = [
  {
    name: 'cloudwatch: GetMetricData returns the newest first by default, with an inclusive start and an exclusive end',
    async run(place) {
      const { query, start } = await putThreeMinutes(place);
      const values = async (from: number, to: number, ScanBy?: 'TimestampAscending') => {
        const { MetricDataResults } = await place.cloudWatch.send(
          new GetMetricDataCommand({
            MetricDataQueries: [query],
            StartTime: new Date(start + from * MINUTE),
            EndTime: new Date(start + to * MINUTE),
            ScanBy,
          }),
        );
        const [{ Values, Timestamps, StatusCode } = {}] = MetricDataResults!;
        equal(StatusCode, 'Complete');
        equal(Timestamps!.length, Values!.length);
        return Values;
      };
      await eventually(place.clock, async () => deepEqual(await values(0, 3), [3, 2, 1]));
      deepEqual(await values(0, 3, 'TimestampAscending'), [1, 2, 3]);
      deepEqual(await values(1, 2), [2]);
      deepEqual(await values(10, 11), []);
    },
  },
  {
    name: 'cloudwatch: GetMetricStatistics sums by period, with an inclusive start and an exclusive end',
    async run(place) {
      const { start, metric } = await putThreeMinutes(place);
      const points = async (from: number, to: number) => {
        const { Datapoints, Label } = await place.cloudWatch.send(
          new GetMetricStatisticsCommand({
            ...metric,
            StartTime: new Date(start + from * MINUTE),
            EndTime: new Date(start + to * MINUTE),
            Period: 60,
            Statistics: ['Sum', 'SampleCount', 'Maximum'],
          }),
        );
        equal(Label, metric.MetricName);
        return Datapoints!.toSorted((a, b) => a.Timestamp!.getTime() - b.Timestamp!.getTime());
      };
      await eventually(place.clock, async () => {
        const found = await points(0, 2);
        deepEqual(
          found.map(({ Timestamp }) => Timestamp!.getTime()),
          [start, start + MINUTE],
        );
        partialDeepStrictEqual(found, [{ Sum: 1 }, { Sum: 2, SampleCount: 1, Maximum: 2 }]);
      });
    },
  },
  {
    name: 'cloudwatch: an unknown metric has no points and the status Complete',
    async run({ cloudWatch, clock, name }) {
      const { MetricDataResults } = await cloudWatch.send(
        new GetMetricDataCommand({
          MetricDataQueries: [queryOf({ Namespace: NAMESPACE, MetricName: name('nothing') })],
          StartTime: new Date(clock.now() - 5 * MINUTE),
          EndTime: new Date(clock.now()),
        }),
      );
      partialDeepStrictEqual(MetricDataResults, [{ Id: 'm1', StatusCode: 'Complete' }]);
      deepEqual([MetricDataResults![0]!.Values, MetricDataResults![0]!.Timestamps], [[], []]);
    },
  },
  {
    name: 'cloudwatch: invalid queries are refused',
    async run({ cloudWatch, clock, name }) {
      const metric = { Namespace: NAMESPACE, MetricName: name('nothing') };
      const now = new Date(clock.now());
      const before = new Date(clock.now() - 5 * MINUTE);
      const data = (queries: MetricDataQuery[], StartTime: Date, EndTime: Date) =>
        cloudWatch.send(new GetMetricDataCommand({ MetricDataQueries: queries, StartTime, EndTime }));
      await refused('ValidationException', data([queryOf(metric)], now, before));
      await refused('ValidationException', data([{ ...queryOf(metric), Id: 'M1' }], before, now));
    },
    differs: {
      moto: {
        why: 'accepts ids that start with a capital; AWS documents a lower-case letter',
        seen: 'expected ValidationException, got',
      },
    },
  },
  {
    name: 'cloudwatch: GetMetricStatistics requires a statistic',
    async run({ cloudWatch, clock, name }) {
      await refused(
        'InvalidParameterCombinationException',
        cloudWatch.send(
          new GetMetricStatisticsCommand({
            Namespace: NAMESPACE,
            MetricName: name('nothing'),
            StartTime: new Date(clock.now() - 5 * MINUTE),
            EndTime: new Date(clock.now()),
            Period: 60,
          }),
        ),
      );
    },
  },
  {
    name: "cloudwatch: metrics cannot be written to the namespaces of AWS's services",
    async run({ cloudWatch, name }) {
      await refused(
        'InvalidParameterValueException',
        cloudWatch.send(
          new PutMetricDataCommand({
            Namespace: 'AWS/ECS',
            MetricData: [{ MetricName: name('own'), Value: 1 }],
          }),
        ),
      );
    },
    differs: {
      moto: {
        why: 'accepts them; AWS documents that they are reserved',
        seen: 'expected InvalidParameterValueException, got',
      },
    },
  },
  {
    name: 'cloudwatch: a new alarm has no data, its state can be set and used as a filter, and a missing alarm cannot be set',
    async run(place) {
      const AlarmName = await putAlarm(place);
      equal((await stateOf(place, AlarmName))?.StateValue, 'INSUFFICIENT_DATA');
      const set = (name: string) =>
        place.cloudWatch.send(
          new SetAlarmStateCommand({ AlarmName: name, StateValue: 'ALARM', StateReason: 'tried' }),
        );
      await set(AlarmName);
      partialDeepStrictEqual(await stateOf(place, AlarmName), { StateValue: 'ALARM', StateReason: 'tried' });
      const { MetricAlarms } = await place.cloudWatch.send(
        new DescribeAlarmsCommand({ StateValue: 'ALARM', AlarmNamePrefix: AlarmName }),
      );
      equal(MetricAlarms!.length, 1);
      await refused('ResourceNotFound', set(place.name('missing')));
    },
    differs: { moto: { why: 'starts with OK; AWS documents INSUFFICIENT_DATA', seen: "'OK'" } },
  },
  {
    name: 'cloudwatch: missing alarms are left out without an error',
    async run({ cloudWatch, name }) {
      const { MetricAlarms } = await cloudWatch.send(
        new DescribeAlarmsCommand({ AlarmNames: [name('missing')] }),
      );
      deepEqual(MetricAlarms, []);
    },
  },
  {
    name: 'cloudwatch: putting an alarm again keeps its state',
    async run(place) {
      const AlarmName = await putAlarm(place);
      await place.cloudWatch.send(
        new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'tried' }),
      );
      await putAlarm(place, AlarmName);
      equal((await stateOf(place, AlarmName))?.StateValue, 'ALARM');
    },
    differs: {
      moto: {
        why: 'resets the state to OK; AWS documents that the state does not change',
        seen: "'OK' !== 'ALARM'",
      },
    },
  },
  {
    name: 'cloudwatch: composite alarms are described if they are requested',
    async run(place) {
      const watched = await putAlarm(place);
      const AlarmName = place.name('composite');
      await place.cloudWatch.send(
        new PutCompositeAlarmCommand({ AlarmName, AlarmRule: `ALARM("${watched}")` }),
      );
      place.later(() => place.cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] })));
      const plain = await place.cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }));
      deepEqual(plain.CompositeAlarms ?? [], []);
      const asked = await place.cloudWatch.send(
        new DescribeAlarmsCommand({ AlarmNames: [AlarmName], AlarmTypes: ['CompositeAlarm'] }),
      );
      equal(asked.CompositeAlarms!.length, 1);
    },
    differs: { moto: { why: 'does not have PutCompositeAlarm', seen: 'Deserialization error' } },
  },
];

async function putThreeMinutes({ cloudWatch, clock, name }: Place) {
  // A full minute: old enough to be complete, new enough to be stored.
  const start = Math.floor(clock.now() / MINUTE) * MINUTE - 10 * MINUTE;
  const metric = { Namespace: NAMESPACE, MetricName: name('metric') };
  await cloudWatch.send(
    new PutMetricDataCommand({
      Namespace: NAMESPACE,
      MetricData: [1, 2, 3].map((value, minute) => ({
        MetricName: metric.MetricName,
        Timestamp: new Date(start + minute * MINUTE),
        Value: value,
        Unit: 'Count',
      })),
    }),
  );
  return { start, metric, query: queryOf(metric) };
}

function queryOf(Metric: { readonly Namespace: string; readonly MetricName: string }): MetricDataQuery {
  return { Id: 'm1', MetricStat: { Metric, Period: 60, Stat: 'Sum' } };
}

async function putAlarm({ cloudWatch, name, later }: Place, AlarmName = name('alarm')): Promise<string> {
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName,
      Namespace: NAMESPACE,
      MetricName: `${AlarmName}-nothing`,
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
    }),
  );
  later(() => cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] })));
  return AlarmName;
}

async function stateOf({ cloudWatch }: Place, AlarmName: string) {
  const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }));
  return MetricAlarms?.[0];
}
