import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { ScalingPolicy } from '@aws-sdk/client-application-auto-scaling';
import { nameOfArn } from '../../../core/arn.ts';

/** What is needed to see which alarms and scaling policies follow only one target group. */
export interface Watching {
  readonly service: string;
  /** ARNs of the two target groups of the service. */
  readonly targetGroups: readonly [string, string];
  /** The names in the input `alarms`. */
  readonly watched: readonly string[];
  readonly alarms: readonly MetricAlarm[];
  readonly policies: readonly ScalingPolicy[];
}

/**
 * The alarms and scaling policies of a service that name only one of its two target groups, each in
 * words with the fix. ECS swaps the groups at each release: then these see no requests. Pure.
 */
export function blindSpots(watching: Watching): readonly string[] {
  const { policies, alarms, watched } = watching;
  const alarmNamed = new Map(alarms.map((alarm) => [alarm.AlarmName ?? '', alarm]));
  const scaling = policies.flatMap((policy) => {
    const group = groupOfPolicy(policy, watching) ?? groupOfAlarms(policy, alarmNamed, watching);
    return group === null ? [] : [blindPolicy(policy, group, watching)];
  });
  const blind = watched.flatMap((name) => {
    const alarm = alarmNamed.get(name);
    const group = alarm ? groupOfAlarm(alarm, watching) : null;
    return group === null ? [] : [blindAlarm(name, group, watching)];
  });
  return [...scaling, ...blind];
}

/** The only target group that a target tracking policy follows; `null` if there is not just one. */
function groupOfPolicy(
  { TargetTrackingScalingPolicyConfiguration: tracking }: ScalingPolicy,
  watching: Watching,
): string | null {
  const { PredefinedMetricSpecification: predefined, CustomizedMetricSpecification: customized } =
    tracking ?? {};
  if (predefined?.PredefinedMetricType === 'ALBRequestCountPerTarget')
    return onlyGroup([(predefined.ResourceLabel ?? '').replace(/^.*\/(targetgroup\/)/, '$1')], watching);
  if (customized === undefined) return null;
  const { Dimensions = [], Metrics = [] } = customized;
  const all = [...Dimensions, ...Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric?.Dimensions ?? [])];
  return onlyGroup(valuesOf(all), watching);
}

/** A step scaling policy follows its alarms. */
function groupOfAlarms(
  { Alarms = [], PolicyType }: ScalingPolicy,
  alarms: ReadonlyMap<string, MetricAlarm>,
  watching: Watching,
): string | null {
  if (PolicyType !== 'StepScaling') return null;
  const groups = Alarms.flatMap(({ AlarmName = '' }) => {
    const alarm = alarms.get(AlarmName);
    return (alarm && groupOfAlarm(alarm, watching)) ?? [];
  });
  return groups[0] ?? null;
}

function groupOfAlarm({ Dimensions = [], Metrics = [] }: MetricAlarm, watching: Watching): string | null {
  const all = [...Dimensions, ...Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric?.Dimensions ?? [])];
  return onlyGroup(valuesOf(all), watching);
}

interface Dimension {
  readonly Name?: string | undefined;
  readonly Value?: string | undefined;
}

function valuesOf(dimensions: readonly Dimension[]): readonly string[] {
  return dimensions.flatMap(({ Name, Value }) => (Name === 'TargetGroup' ? (Value ?? []) : []));
}

/** The service's target group in these values if it is the only one of the two. */
function onlyGroup(values: readonly string[], { targetGroups }: Watching): string | null {
  const named = targetGroups.filter((arn) =>
    values.some((value) => value !== '' && arn.endsWith(`:${value}`)),
  );
  return named.length === 1 ? named[0]! : null;
}

function blindPolicy({ PolicyName }: ScalingPolicy, group: string, watching: Watching): string {
  return `Service ${watching.service} scales by the requests of target group ${nameOfArn(group)} only (scaling policy "${PolicyName}"). ${SWAP} ${other(group, watching)}, and the policy sees no requests then: the service scales in under load. Let the policy track a customized metric that adds both target groups by metric math: (FILL(m1, 0) + FILL(m2, 0)) / the number of running tasks.`;
}

function blindAlarm(name: string, group: string, watching: Watching): string {
  return `alarms: alarm "${name}" watches target group ${nameOfArn(group)} of service ${watching.service} only. ${SWAP} ${other(group, watching)}, and the alarm sees nothing then. Let it add both target groups by metric math: FILL(m1, 0) + FILL(m2, 0).`;
}

const SWAP =
  'With each release ECS moves all requests to the other group: after every second release they are in';

function other(group: string, { targetGroups }: Watching): string {
  return nameOfArn(targetGroups.find((each) => each !== group) ?? '');
}
