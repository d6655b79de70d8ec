import type { Service } from '../wire/service.ts';

/** Operations that share a token bucket. Each call takes one token. */
export interface Bucket {
  /** Name of the bucket. */
  readonly name: string;
  readonly service: Service['name'];
  /** `null` for every operation of the service. */
  readonly operations: readonly string[] | null;
  /** The size of the bucket, which limits a burst of calls. */
  readonly burst: number;
  /** Tokens added per second. */
  readonly perSecond: number;
}

/**
 * The limits that AWS publishes for an account and region, as of November 2026, for the operations
 * of the sandbox. For other operations, AWS publishes no limit that a rollout could reach.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 */
export const PUBLISHED: readonly Bucket[] = [
  ecs('cluster changes', 20, 1, [
    'CreateCluster',
    'DeleteCluster',
    'PutClusterCapacityProviders',
    'UpdateCluster',
    'UpdateClusterSettings',
  ]),
  ecs('cluster reads', 50, 20, ['DescribeClusters', 'ListClusters']),
  ecs('task definition changes', 20, 1, ['DeregisterTaskDefinition', 'RegisterTaskDefinition']),
  ecs('task definition reads', 50, 20, [
    'DescribeTaskDefinition',
    'ListTaskDefinitions',
    'ListTaskDefinitionFamilies',
  ]),
  ecs('task definition deletions', 5, 1, ['DeleteTaskDefinitions']),
  ecs('tag changes', 20, 10, ['TagResource', 'UntagResource']),
  ecs('tag reads', 50, 20, ['ListTagsForResource']),
  ecs('task changes', 100, 40, ['ExecuteCommand', 'RunTask', 'StartTask', 'StopTask']),
  ecs('task reads', 100, 20, [
    'DescribeContainerInstances',
    'DescribeTasks',
    'ListAttributes',
    'ListContainerInstances',
    'ListTasks',
  ]),
  ecs('service changes', 50, 5, [
    'CreateService',
    'DeleteService',
    'UpdateService',
    // Not published: the strictest likely limit.
    'ContinueServiceDeployment',
    'StopServiceDeployment',
  ]),
  ecs('service reads', 100, 20, ['DescribeServices', 'ListServices']),
  ecs('service deployment reads', 50, 20, ['DescribeServiceDeployments', 'ListServiceDeployments']),
  ecs('service revision reads', 50, 20, ['DescribeServiceRevisions']),
  ecs('service reads by namespace', 10, 1, ['ListServicesByNamespace']),

  // Applies to every operation, before its own bucket.
  elb('all calls', 40, 10, null),
  elb('heavy changes', 10, 0.2, ['CreateLoadBalancer', 'SetSubnets']),
  elb('registrations', 20, 4, ['RegisterTargets', 'DeregisterTargets']),
  elb('reads', 40, 10, [
    'DescribeAccountLimits',
    'DescribeCapacityReservation',
    'DescribeListenerAttributes',
    'DescribeListenerCertificates',
    'DescribeListeners',
    'DescribeLoadBalancerAttributes',
    'DescribeLoadBalancers',
    'DescribeRules',
    'DescribeSSLPolicies',
    'DescribeTags',
    'DescribeTargetGroupAttributes',
    'DescribeTargetGroups',
    'DescribeTargetHealth',
  ]),
  elb('changes', 20, 3, [
    'AddListenerCertificates',
    'AddTags',
    'CreateListener',
    'CreateRule',
    'CreateTargetGroup',
    'DeleteListener',
    'DeleteLoadBalancer',
    'DeleteRule',
    'DeleteTargetGroup',
    'ModifyCapacityReservation',
    'ModifyIpPools',
    'ModifyListener',
    'ModifyListenerAttributes',
    'ModifyLoadBalancerAttributes',
    'ModifyRule',
    'ModifyTargetGroup',
    'ModifyTargetGroupAttributes',
    'RemoveListenerCertificates',
    'RemoveTags',
    'SetIpAddressType',
    'SetRulePriorities',
    'SetSecurityGroups',
  ]),

  // CloudWatch publishes a rate for each operation and no larger burst.
  ...cloudWatch({
    DescribeAlarms: 9,
    DescribeAlarmHistory: 20,
    GetMetricData: 500,
    GetMetricStatistics: 400,
    ListMetrics: 25,
    PutMetricAlarm: 3,
    PutMetricData: 500,
  }),
];

function ecs(name: string, burst: number, perSecond: number, operations: readonly string[]): Bucket {
  return { service: 'ecs', name, burst, perSecond, operations };
}

function elb(name: string, burst: number, perSecond: number, operations: readonly string[] | null): Bucket {
  return { service: 'elastic-load-balancing-v2', name, burst, perSecond, operations };
}

function cloudWatch(rates: Readonly<Record<string, number>>): Bucket[] {
  return Object.entries(rates).map(([operation, rate]) => ({
    service: 'cloudwatch',
    name: operation,
    burst: rate,
    perSecond: rate,
    operations: [operation],
  }));
}
