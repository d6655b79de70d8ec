import {
  DescribeAlarmsCommand,
  type AlarmType,
  type CloudWatchClient,
  type DescribeAlarmsOutput,
} from '@aws-sdk/client-cloudwatch';
import { failureKind } from '../../aws/errors.ts';

/** The state of the user's CloudWatch alarms, whatever their type. */
export interface Alarms {
  /** Not in ALARM when the rollout started, in ALARM now: each causes a rollback. */
  readonly fired: readonly FiredAlarm[];
  /**
   * Already in ALARM when the rollout started: reported and ignored, otherwise no fix could be
   * deployed.
   */
  readonly firingBefore: readonly string[];
  /** Names that do not exist in CloudWatch. */
  readonly unknown: readonly string[];
}

export interface FiredAlarm {
  readonly name: string;
  /** The reason that CloudWatch gives. */
  readonly reason: string;
}

/** DescribeAlarms allows this many names per call. */
const AT_ONCE = 100;

/**
 * Reads the state of the alarms. The time of the last state change shows which alarms were in ALARM
 * at `startedAt` (milliseconds since 1970), so a run that takes over gets the same result. Rejects
 * with UserError.
 */
export async function lookAtAlarms(
  cloudWatch: CloudWatchClient,
  names: readonly string[],
  startedAt: number,
): Promise<Alarms> {
  const found = new Map<string, { state?: string; reason?: string; since: number }>();
  for (let from = 0; from < names.length; from += AT_ONCE) {
    const answer = await describe(cloudWatch, names.slice(from, from + AT_ONCE));
    const { MetricAlarms = [], CompositeAlarms = [], LogAlarms = [] } = answer;
    for (const alarm of [...MetricAlarms, ...CompositeAlarms, ...LogAlarms]) {
      const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
      found.set(alarm.AlarmName!, {
        state: alarm.StateValue,
        reason: alarm.StateReason,
        since: since?.getTime() ?? 0,
      });
    }
  }
  const firing = names.filter((name) => found.get(name)?.state === 'ALARM');
  const isNew = (name: string) => found.get(name)!.since > startedAt;
  return {
    fired: firing
      .filter(isNew)
      .map((name) => ({ name, reason: found.get(name)!.reason ?? 'no reason given' })),
    firingBefore: firing.filter((name) => !isNew(name)),
    unknown: names.filter((name) => !found.has(name)),
  };
}

/** By default, CloudWatch returns metric alarms only. */
const TYPES: readonly AlarmType[] = ['MetricAlarm', 'CompositeAlarm', 'LogAlarm'];

/** A region may not know the newest type. Alarms of the other types are then watched. */
async function describe(
  cloudWatch: CloudWatchClient,
  AlarmNames: string[],
  types = TYPES,
): Promise<DescribeAlarmsOutput> {
  const command = new DescribeAlarmsCommand({ AlarmNames, AlarmTypes: [...types], MaxRecords: AT_ONCE });
  try {
    return await cloudWatch.send(command);
  } catch (error) {
    if (types !== TYPES || failureKind(error) !== 'refused') throw error;
    return describe(cloudWatch, AlarmNames, TYPES.slice(0, -1));
  }
}

/** The reason of a rollback by alarm. */
export function firedInWords(fired: readonly FiredAlarm[]): string {
  const names = fired.map(({ name }) => `"${name}"`).join(', ');
  const were = fired.length === 1 ? 'Alarm' : 'Alarms';
  return `${were} ${names} fired during the rollout: ${fired[0]!.reason}`;
}
