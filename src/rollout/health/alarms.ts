import { DescribeAlarmsCommand, type CloudWatchClient } from '@aws-sdk/client-cloudwatch';

/** The user's own CloudWatch alarms, metric and composite ones alike, as of one look. */
export interface Alarms {
  /** Quiet when the rollout began, in ALARM now: each speaks against the release by itself. */
  readonly fired: readonly FiredAlarm[];
  /** In ALARM already when the rollout began: told, and ignored, or the fix could never be deployed. */
  readonly firingBefore: readonly string[];
  /** Names that CloudWatch does not know. */
  readonly unknown: readonly string[];
}

export interface FiredAlarm {
  readonly name: string;
  /** CloudWatch's own words for it. */
  readonly reason: string;
}

/** DescribeAlarms takes this many names a call. */
const AT_ONCE = 100;

/**
 * Reads the state of the alarms. What was firing at `startedAt` (milliseconds since 1970) is known from the time of the last
 * change of state, so a run that takes over sees the same. Rejects with UserError.
 */
export async function lookAtAlarms(
  cloudWatch: CloudWatchClient,
  names: readonly string[],
  startedAt: number,
): Promise<Alarms> {
  const found = new Map<string, { state?: string; reason?: string; since: number }>();
  for (let from = 0; from < names.length; from += AT_ONCE) {
    const answer = await cloudWatch.send(
      new DescribeAlarmsCommand({
        AlarmNames: names.slice(from, from + AT_ONCE),
        // Left out, composite alarms would be missing.
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        MaxRecords: AT_ONCE,
      }),
    );
    for (const alarm of [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])]) {
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
      .map((name) => ({ name, reason: found.get(name)!.reason ?? 'no reason told' })),
    firingBefore: firing.filter((name) => !isNew(name)),
    unknown: names.filter((name) => !found.has(name)),
  };
}

/** The reason of a rollback by alarm. */
export function firedInWords(fired: readonly FiredAlarm[]): string {
  const names = fired.map(({ name }) => `"${name}"`).join(', ');
  const were = fired.length === 1 ? 'Alarm' : 'Alarms';
  return `${were} ${names} fired during the rollout: ${fired[0]!.reason}`;
}
