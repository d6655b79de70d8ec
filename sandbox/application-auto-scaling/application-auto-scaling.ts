import type {
  DeregisterScalableTargetRequest,
  DescribeScalableTargetsRequest,
  DescribeScalingPoliciesRequest,
  PutScalingPolicyRequest,
  RegisterScalableTargetRequest,
  ScalableTarget,
  ScalingPolicy,
} from '@aws-sdk/client-application-auto-scaling';
import { MINUTE, type Clock } from '../../src/core/time/clock.ts';
import { track, type TargetTrackingPorts } from './target-tracking.ts';
import { AwsError } from '../wire/service.ts';
import type { Service } from '../wire/service.ts';

export interface ApplicationAutoScalingOptions {
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  /** By default, nothing is scaled. */
  readonly tracking?: TargetTrackingPorts;
}

export interface ApplicationAutoScaling {
  readonly service: Service;
  /** Ends the scaling. */
  readonly close: () => void;
}

/** Scalable targets and policies. Services scale by target tracking; step scaling is only stored. */
export function createApplicationAutoScaling({
  clock,
  account,
  region,
  tracking,
}: ApplicationAutoScalingOptions): ApplicationAutoScaling {
  const targets = new Map<string, ScalableTarget>();
  const policies = new Map<string, ScalingPolicy>();
  const grownAt = new Map<string, number>();
  let made = 0;
  const arn = (rest: string) => `arn:aws:application-autoscaling:${region}:${account}:${rest}`;

  /** Policies have ARNs of EC2 Auto Scaling, as on AWS. */
  function policyArn({ ServiceNamespace, ResourceId, PolicyName }: PutScalingPolicyRequest): string {
    const id = `00000000-0000-4000-8000-${String((made += 1)).padStart(12, '0')}`;
    const resource = `resource/${ServiceNamespace}/${ResourceId}:policyName/${PolicyName}`;
    return `arn:aws:autoscaling:${region}:${account}:scalingPolicy:${id}:${resource}`;
  }

  function register(input: RegisterScalableTargetRequest) {
    const before = targets.get(keyOf(input));
    const [least, most] = [
      input.MinCapacity ?? before?.MinCapacity,
      input.MaxCapacity ?? before?.MaxCapacity,
    ];
    if (least === undefined || most === undefined)
      throw new AwsError(
        'ValidationException',
        'Missing required parameter MinCapacity or MaxCapacity for a new scalable target',
      );
    if (least > most)
      throw new AwsError('ValidationException', 'Maximum capacity cannot be less than minimum capacity');
    const target: ScalableTarget = {
      ScalableTargetARN: before?.ScalableTargetARN ?? arn(`scalable-target/${(made += 1)}`),
      RoleARN: input.RoleARN ?? before?.RoleARN ?? serviceLinkedRole(account),
      CreationTime: before?.CreationTime ?? new Date(clock.now()),
      ServiceNamespace: input.ServiceNamespace,
      ResourceId: input.ResourceId,
      ScalableDimension: input.ScalableDimension,
      MinCapacity: least,
      MaxCapacity: most,
      SuspendedState: { ...nothingSuspended, ...before?.SuspendedState, ...input.SuspendedState },
    };
    targets.set(keyOf(input), target);
    return { ScalableTargetARN: target.ScalableTargetARN };
  }

  function deregister(input: DeregisterScalableTargetRequest) {
    if (!targets.delete(keyOf(input))) throw noTarget(input);
    for (const [key, policy] of policies) if (keyOf(policy) === keyOf(input)) policies.delete(key);
    return {};
  }

  function describeTargets(input: DescribeScalableTargetsRequest) {
    const found = [...targets.values()].filter(
      (target) =>
        target.ServiceNamespace === input.ServiceNamespace &&
        wanted(input.ResourceIds, target.ResourceId) &&
        wanted(input.ScalableDimension && [input.ScalableDimension], target.ScalableDimension),
    );
    const { items, NextToken } = page(found, input, 50);
    return { ScalableTargets: items, NextToken };
  }

  function putPolicy(input: PutScalingPolicyRequest) {
    if (!targets.has(keyOf(input))) throw noTarget(input);
    const key = `${keyOf(input)}|${input.PolicyName}`;
    const before = policies.get(key);
    const policy: ScalingPolicy = {
      ...input,
      PolicyType: input.PolicyType ?? before?.PolicyType ?? 'StepScaling',
      PolicyARN: before?.PolicyARN ?? policyArn(input),
      CreationTime: before?.CreationTime ?? new Date(clock.now()),
    };
    policies.set(key, policy);
    return { PolicyARN: policy.PolicyARN, Alarms: [] };
  }

  function describePolicies(input: DescribeScalingPoliciesRequest) {
    const found = [...policies.values()].filter(
      (policy) =>
        policy.ServiceNamespace === input.ServiceNamespace &&
        wanted(input.PolicyNames, policy.PolicyName) &&
        wanted(input.ResourceId === undefined ? undefined : [input.ResourceId], policy.ResourceId) &&
        wanted(input.ScalableDimension && [input.ScalableDimension], policy.ScalableDimension),
    );
    const { items, NextToken } = page(found, input, 10);
    return { ScalingPolicies: items, NextToken };
  }

  const scale = (ports: TargetTrackingPorts) => {
    cancel = clock.after(MINUTE, () => scale(ports));
    for (const [key, policy] of policies) {
      const target = targets.get(keyOf(policy));
      if (!target) continue;
      const done = track({ target, policy, grownAt: grownAt.get(key) ?? -Infinity }, ports, clock.now());
      if (done === 'grew') grownAt.set(key, clock.now());
    }
  };
  let cancel = tracking ? clock.after(MINUTE, () => scale(tracking)) : null;

  return {
    service: {
      name: 'application-auto-scaling',
      operations: {
        RegisterScalableTarget: register,
        DeregisterScalableTarget: deregister,
        DescribeScalableTargets: describeTargets,
        PutScalingPolicy: putPolicy,
        DescribeScalingPolicies: describePolicies,
      },
    },
    close: () => cancel?.(),
  };
}

/** The token is the index of the next page. */
function page<Item>(
  items: readonly Item[],
  { NextToken = '0', MaxResults }: { readonly NextToken?: string; readonly MaxResults?: number },
  most: number,
): { readonly items: readonly Item[]; readonly NextToken: string | undefined } {
  if (!/^\d+$/.test(NextToken))
    throw new AwsError('InvalidNextTokenException', 'The next token is not valid.');
  const length = MaxResults ?? most;
  if (length < 1 || length > most)
    throw new AwsError('ValidationException', `MaxResults must be between 1 and ${most}.`);
  const end = Number(NextToken) + length;
  return {
    items: items.slice(Number(NextToken), end),
    NextToken: end < items.length ? String(end) : undefined,
  };
}

interface Key {
  readonly ServiceNamespace?: string;
  readonly ResourceId?: string;
  readonly ScalableDimension?: string;
}

const keyOf = (key: Key) => `${key.ServiceNamespace}|${key.ResourceId}|${key.ScalableDimension}`;

/** A missing or empty filter matches everything. */
const wanted = (filter: readonly string[] | undefined, value: string | undefined) =>
  filter === undefined || filter.length === 0 || (value !== undefined && filter.includes(value));

const nothingSuspended = {
  DynamicScalingInSuspended: false,
  DynamicScalingOutSuspended: false,
  ScheduledScalingSuspended: false,
};

const serviceLinkedRole = (account: string) =>
  `arn:aws:iam::${account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService`;

const noTarget = ({ ServiceNamespace, ResourceId, ScalableDimension }: Key) =>
  new AwsError(
    'ObjectNotFoundException',
    `No scalable target registered for service namespace: ${ServiceNamespace}, resource ID: ${ResourceId}, scalable dimension: ${ScalableDimension}`,
  );
