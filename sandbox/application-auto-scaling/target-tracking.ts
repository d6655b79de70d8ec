import type { ScalableTarget, ScalingPolicy } from '@aws-sdk/client-application-auto-scaling';
import type { GetMetricDataInput, GetMetricDataOutput, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { MINUTE, SECOND } from '../../src/core/time/clock.ts';
import type { ScalableServices } from '../ports.ts';

/** Consecutive minutes above the target until it scales out, and well below it until it scales in. */
const MINUTES_OUT = 3;
const MINUTES_IN = 15;
/** Of the target: from here on downward it scales in. */
const WELL_BELOW = 0.9;
/** Until it scales out again, if the policy does not say. */
const USUAL_COOLDOWN = 300 * SECOND;
/** In ascending order of time; the last value is the newest. */
type Values = readonly number[];

export interface Scaling {
  readonly target: ScalableTarget;
  readonly policy: ScalingPolicy;
  /** When it last scaled out; `-Infinity` if never. */
  readonly grownAt: number;
}

export interface TargetTrackingPorts {
  readonly services: ScalableServices;
  readonly metrics: (input: GetMetricDataInput) => GetMetricDataOutput;
}

/**
 * Scales a service as its policy says: so that the metric, which is per task, comes to the target. A
 * service does not scale in while it is deployed, and not at all without data. @returns what it did.
 */
export function track(
  { target, policy, grownAt }: Scaling,
  { services, metrics }: TargetTrackingPorts,
  now: number,
): 'grew' | 'shrank' | null {
  const {
    TargetValue: wanted,
    DisableScaleIn,
    ScaleOutCooldown,
  } = policy.TargetTrackingScalingPolicyConfiguration ?? {};
  const [, cluster = '', name = ''] = (target.ResourceId ?? '').split('/');
  const service = services.find(cluster, name);
  const queries = queriesOf(policy);
  if (!service || queries === null || wanted === undefined) return null;
  const values = read(queries, metrics, now);
  const { MinCapacity = 0, MaxCapacity = Infinity, SuspendedState = {} } = target;
  const within = (count: number) => Math.min(MaxCapacity, Math.max(MinCapacity, count));
  const newest = values.at(-1) ?? 0;
  const count = within(Math.ceil((service.desiredCount * newest) / wanted));
  const above = lasts(values, MINUTES_OUT, (value) => value > wanted);
  const below = lasts(values, MINUTES_IN, (value) => value < WELL_BELOW * wanted);
  const cooldown = ScaleOutCooldown === undefined ? USUAL_COOLDOWN : ScaleOutCooldown * SECOND;
  const grows =
    above &&
    count > service.desiredCount &&
    now - grownAt >= cooldown &&
    !SuspendedState.DynamicScalingOutSuspended;
  const shrinks =
    below &&
    count < service.desiredCount &&
    !service.isDeploying &&
    !DisableScaleIn &&
    !SuspendedState.DynamicScalingInSuspended;
  if (!grows && !shrinks) return null;
  services.scale(cluster, name, count);
  return grows ? 'grew' : 'shrank';
}

function lasts(values: Values, minutes: number, holds: (value: number) => boolean): boolean {
  return values.length >= minutes && values.slice(-minutes).every(holds);
}

/** `null` for a metric that the sandbox does not publish. */
function queriesOf({
  TargetTrackingScalingPolicyConfiguration: tracking,
}: ScalingPolicy): MetricDataQuery[] | null {
  const { PredefinedMetricSpecification: predefined, CustomizedMetricSpecification: customized } =
    tracking ?? {};
  if (customized?.Metrics) {
    return customized.Metrics.map(({ Id, MetricStat, Label, Expression, ReturnData }) => ({
      Id: Id!,
      Label,
      Expression,
      ReturnData,
      ...(MetricStat && {
        MetricStat: { Metric: MetricStat.Metric, Stat: MetricStat.Stat, Period: MINUTE / 1000 },
      }),
    }));
  }
  if (predefined?.PredefinedMetricType !== 'ALBRequestCountPerTarget') return null;
  const [, balancer, group] = /^(.+)\/(targetgroup\/.+)$/.exec(predefined.ResourceLabel ?? '') ?? [];
  const metric = (Id: string, MetricName: string, Stat: string): MetricDataQuery => ({
    Id,
    ReturnData: false,
    MetricStat: {
      Stat,
      Period: MINUTE / 1000,
      Metric: {
        Namespace: 'AWS/ApplicationELB',
        MetricName,
        Dimensions: [
          { Name: 'TargetGroup', Value: group },
          { Name: 'LoadBalancer', Value: balancer },
        ],
      },
    },
  });
  return [
    metric('requests', 'RequestCount', 'Sum'),
    metric('targets', 'HealthyHostCount', 'Maximum'),
    { Id: 'each', Expression: 'requests / targets' },
  ];
}

function read(queries: MetricDataQuery[], metrics: TargetTrackingPorts['metrics'], now: number): Values {
  const { MetricDataResults = [] } = metrics({
    StartTime: new Date(now - (MINUTES_IN + 2) * MINUTE),
    EndTime: new Date(now - (now % MINUTE)),
    ScanBy: 'TimestampAscending',
    MetricDataQueries: queries,
  });
  return MetricDataResults[0]?.Values ?? [];
}
