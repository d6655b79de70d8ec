import type {
  CompositeAlarm,
  DescribeAlarmsInput,
  DescribeAlarmsOutput,
  LogAlarm,
  MetricAlarm,
  MetricDataQuery,
  PutCompositeAlarmInput,
  PutLogAlarmInput,
  PutMetricAlarmInput,
  SetAlarmStateInput,
  StateValue,
  Tag,
} from '@aws-sdk/client-cloudwatch';
import { MINUTE } from '../../src/core/time/clock.ts';
import type { Clock, Milliseconds } from '../../src/core/time/clock.ts';
import type { Alarms } from '../ports.ts';
import { AwsError } from '../wire/service.ts';
import type { Caller } from '../wire/service.ts';
import { checkTags } from '../wire/tag-rules.ts';
import { COMPARISONS, judgeAlarm } from './alarm-state.ts';
import type { Threshold } from './alarm-state.ts';
import type { Line, Metrics, Range } from './line.ts';
import { drawLines } from './metric-data.ts';
import * as parameter from './parameters.ts';
import { parseStatistic } from './statistics.ts';

const MOST_LISTED = 100;
const STATES = new Set<string>(['OK', 'ALARM', 'INSUFFICIENT_DATA']);
/** Additional periods to read, for late points. */
const LATE_PERIODS = 3;

export interface KeptAlarms extends Alarms {
  putMetricAlarm(input: PutMetricAlarmInput, caller: Caller): void;
  /** Stored and described; the rule is not evaluated, and only SetAlarmState changes the state. */
  putCompositeAlarm(input: PutCompositeAlarmInput, caller: Caller): void;
  /** The same: its query is not run. */
  putLogAlarm(input: PutLogAlarmInput, caller: Caller): void;
  describe(input: DescribeAlarmsInput): DescribeAlarmsOutput;
  tags(alarmArn: string | undefined): Tag[];
  /** Lasts until the next evaluation, as on AWS. */
  setState(input: SetAlarmStateInput): void;
  /** Names of alarms that do not exist are ignored, as on AWS. */
  remove(names: readonly string[] | undefined): void;
  /** Ends the evaluations. */
  close(): void;
}

type Kept = { readonly stop: () => void; readonly tags: readonly Tag[] } & (
  | { readonly type: 'MetricAlarm'; readonly alarm: MetricAlarm }
  | { readonly type: 'CompositeAlarm'; readonly alarm: CompositeAlarm }
  | { readonly type: 'LogAlarm'; readonly alarm: LogAlarm }
);

type Definition = PutMetricAlarmInput | PutCompositeAlarmInput | PutLogAlarmInput;

export function createAlarms({ metrics, clock }: { metrics: Metrics; clock: Clock }): KeptAlarms {
  const alarms = new Map<string, Kept>();

  function common(input: Definition, { account, region }: Caller) {
    const { Tags = [], ...definition } = input;
    const name = parameter.required(input.AlarmName, 'AlarmName');
    checkTags(
      Tags.map(({ Key = '', Value = '' }) => [Key, Value]),
      {
        invalid: 'InvalidParameterValue',
        tooMany: 'InvalidParameterValue',
      },
    );
    const now = new Date(clock.now());
    // A changed definition keeps the state until the next evaluation.
    const before = alarms.get(name)?.alarm;
    return {
      ActionsEnabled: true,
      AlarmActions: [],
      OKActions: [],
      InsufficientDataActions: [],
      ...definition,
      AlarmArn: `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`,
      AlarmConfigurationUpdatedTimestamp: now,
      StateValue: before?.StateValue ?? 'INSUFFICIENT_DATA',
      StateReason: before?.StateReason ?? 'Unchecked: Initial alarm creation',
      StateUpdatedTimestamp: before?.StateUpdatedTimestamp ?? now,
      StateTransitionedTimestamp: before?.StateTransitionedTimestamp ?? now,
    } satisfies MetricAlarm & CompositeAlarm & LogAlarm;
  }

  /** The tags of a definition apply only when the alarm is created. */
  const tagsOf = ({ AlarmName = '', Tags = [] }: Definition) => alarms.get(AlarmName)?.tags ?? Tags;

  function keep(kept: Kept): void {
    const name = kept.alarm.AlarmName!;
    alarms.get(name)?.stop();
    alarms.set(name, kept);
  }

  function changeState(alarm: Kept['alarm'], state: StateValue, reason: string): void {
    const now = new Date(clock.now());
    if (alarm.StateValue === state && alarm.StateReason === reason) return;
    if (alarm.StateValue !== state) alarm.StateTransitionedTimestamp = now;
    Object.assign(alarm, { StateValue: state, StateReason: reason, StateUpdatedTimestamp: now });
  }

  function watch(alarm: MetricAlarm, draw: (range: Range) => Line): () => void {
    const threshold = thresholdOf(alarm);
    const { period } = draw({ start: 0, end: 1 });
    const every = Math.min(period, MINUTE);

    function look(): void {
      const end = Math.floor(clock.now() / period) * period;
      const start = end - (threshold.evaluationPeriods + LATE_PERIODS) * period;
      const line = draw({ start, end });
      const points = periodsOf({ start, end }, period).map((at) => line.points.get(at) ?? null);
      const judgement = judgeAlarm(points, threshold);
      if (judgement) changeState(alarm, judgement.state, judgement.reason);
      cancel = clock.after(every, look);
    }
    let cancel = clock.after(every, look);
    return () => cancel();
  }

  return {
    putMetricAlarm(input, caller) {
      const alarm: MetricAlarm = common(input, caller);
      checkPercentile(input);
      const draw = lineOf(metrics, clock, input);
      keep({ type: 'MetricAlarm', alarm, stop: watch(alarm, draw), tags: tagsOf(input) });
    },

    putCompositeAlarm(input, caller) {
      parameter.required(input.AlarmRule, 'AlarmRule');
      keep({ type: 'CompositeAlarm', alarm: common(input, caller), stop: () => {}, tags: tagsOf(input) });
    },

    putLogAlarm(input, caller) {
      keep({ type: 'LogAlarm', alarm: common(input, caller), stop: () => {}, tags: tagsOf(input) });
    },

    describe(input) {
      const types = input.AlarmTypes?.length ? input.AlarmTypes : ['MetricAlarm'];
      const token = input.NextToken ?? '0';
      if (!/^\d+$/.test(token)) throw new AwsError('InvalidNextToken', `The token ${token} is not valid.`);
      const found = [...alarms.values()].filter(
        ({ type, alarm }) =>
          types.includes(type) &&
          (!input.AlarmNames?.length || input.AlarmNames.includes(alarm.AlarmName!)) &&
          alarm.AlarmName!.startsWith(input.AlarmNamePrefix ?? '') &&
          (input.StateValue === undefined || input.StateValue === alarm.StateValue),
      );
      const end = Number(token) + Math.min(input.MaxRecords ?? MOST_LISTED, MOST_LISTED);
      const shown = found.slice(Number(token), end);
      // Copies, because a description must not change later.
      const alarmsOf = (wanted: Kept['type']) =>
        shown.filter(({ type }) => type === wanted).map(({ alarm }) => ({ ...alarm }));
      return {
        MetricAlarms: alarmsOf('MetricAlarm'),
        CompositeAlarms: alarmsOf('CompositeAlarm'),
        LogAlarms: alarmsOf('LogAlarm'),
        ...(found.length > end && { NextToken: String(end) }),
      };
    },

    tags(arn) {
      const kept = [...alarms.values()].find(({ alarm }) => alarm.AlarmArn === arn);
      if (!kept) throw new AwsError('ResourceNotFoundException', `Unknown resource: ${arn}.`, 404);
      return [...kept.tags];
    },

    state: (name) => alarms.get(name)?.alarm.StateValue ?? null,

    setState(input) {
      const state = parameter.required(input.StateValue, 'StateValue');
      const reason = parameter.required(input.StateReason, 'StateReason');
      const kept = alarms.get(parameter.required(input.AlarmName, 'AlarmName'));
      if (!kept) throw new AwsError('ResourceNotFound', `Unknown alarm: ${input.AlarmName}.`, 404);
      if (!STATES.has(state)) {
        throw new AwsError(
          'InvalidParameterValue',
          `The value ${state} for parameter StateValue is not valid.`,
        );
      }
      changeState(kept.alarm, state, reason);
    },

    remove(names) {
      const wanted = parameter.required(names, 'AlarmNames');
      for (const name of wanted) {
        alarms.get(name)?.stop();
        alarms.delete(name);
      }
    },

    close() {
      for (const { stop } of alarms.values()) stop();
    },
  };
}

function thresholdOf(alarm: MetricAlarm): Threshold {
  const comparison = parameter.required(alarm.ComparisonOperator, 'ComparisonOperator');
  if (!COMPARISONS.includes(comparison)) {
    throw new AwsError('ValidationError', `The sandbox evaluates thresholds only, not ${comparison}.`);
  }
  const evaluationPeriods = parameter.required(alarm.EvaluationPeriods, 'EvaluationPeriods');
  const datapointsToAlarm = alarm.DatapointsToAlarm ?? evaluationPeriods;
  if (datapointsToAlarm < 1 || datapointsToAlarm > evaluationPeriods) {
    throw new AwsError('ValidationError', 'DatapointsToAlarm must be between 1 and EvaluationPeriods.');
  }
  const treatMissingData = alarm.TreatMissingData ?? 'missing';
  if (!isMissingDataTreatment(treatMissingData)) {
    throw new AwsError(
      'ValidationError',
      `The value ${treatMissingData} for parameter TreatMissingData is not valid.`,
    );
  }
  return {
    comparison,
    threshold: parameter.required(alarm.Threshold, 'Threshold'),
    evaluationPeriods,
    datapointsToAlarm,
    treatMissingData,
  };
}

function checkPercentile({ ExtendedStatistic, EvaluateLowSampleCountPercentile }: PutMetricAlarmInput): void {
  if (ExtendedStatistic !== undefined && parseStatistic(ExtendedStatistic) === null) {
    throw new AwsError(
      'InvalidParameterValue',
      `The value ${ExtendedStatistic} for parameter ExtendedStatistic is not supported.`,
    );
  }
  if (!['evaluate', 'ignore', undefined].includes(EvaluateLowSampleCountPercentile)) {
    throw new AwsError(
      'ValidationError',
      `Option ${EvaluateLowSampleCountPercentile} is not supported. Supported options for parameter EvaluateLowSampleCountPercentile are evaluate and ignore.`,
    );
  }
}

function isMissingDataTreatment(text: string): text is Threshold['treatMissingData'] {
  return ['breaching', 'notBreaching', 'ignore', 'missing'].includes(text);
}

/** The time series of an alarm: its metric, or the element of Metrics that returns data. */
function lineOf(metrics: Metrics, clock: Clock, input: PutMetricAlarmInput): (range: Range) => Line {
  const queries: MetricDataQuery[] = input.Metrics ?? [
    {
      Id: 'm1',
      MetricStat: {
        Metric: { Namespace: input.Namespace, MetricName: input.MetricName, Dimensions: input.Dimensions },
        Period: input.Period,
        Stat: input.Statistic ?? input.ExtendedStatistic,
        Unit: input.Unit,
      },
    },
  ];
  const returned = queries.filter((query) => query.ReturnData !== false);
  if (returned.length !== 1) {
    throw new AwsError('ValidationError', 'Exactly one element of the metrics list should return data.');
  }
  return (range) => drawLines(metrics, { queries, range, now: clock.now() }).get(returned[0]!.Id!)!;
}

function periodsOf({ start, end }: Range, period: Milliseconds): number[] {
  return Array.from({ length: (end - start) / period }, (_, i) => start + i * period);
}
