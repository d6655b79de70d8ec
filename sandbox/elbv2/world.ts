import { createHash } from 'node:crypto';
import type {
  Action,
  LoadBalancer,
  RuleCondition,
  TargetGroup,
  TargetHealthReasonEnum,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Clock, Milliseconds } from '../../src/core/time/clock.ts';
import type { Certificates, Target, TargetHealth } from '../ports.ts';
import { AwsError } from '../wire/service.ts';

/**
 * The state of Elastic Load Balancing. The functions of this folder take it as their first
 * argument.
 */
export interface World {
  readonly clock: Clock;
  /** Delay of a rule change until it reaches the data plane. */
  readonly propagation: Milliseconds;
  readonly certificates: Certificates;
  /** By ARN, in the order of creation. */
  readonly loadBalancers: Map<string, LoadBalancerRecord>;
  readonly targetGroups: Map<string, TargetGroupRecord>;
  readonly listeners: Map<string, ListenerRecord>;
  /** Includes the default rules. */
  readonly rules: Map<string, RuleRecord>;
  readonly tags: Map<string, Map<string, string>>;
  /** A new ARN. Every run creates the same sequence. */
  newArn(resource: string): string;
}

export interface LoadBalancerRecord {
  readonly arn: string;
  readonly name: string;
  readonly description: LoadBalancer;
  readonly attributes: Map<string, string>;
}

export interface TargetGroupRecord {
  readonly arn: string;
  readonly name: string;
  /** The result of DescribeTargetGroups without the load balancers. */
  settings: TargetGroup;
  readonly attributes: Map<string, string>;
  /** By id and port. */
  readonly targets: Map<string, TargetRecord>;
}

export interface TargetRecord extends Target {
  state: TargetHealth['state'];
  reason: TargetHealthReasonEnum | null;
  description: string | null;
  /** Consecutive results of health checks. */
  passed: number;
  failed: number;
  /** Cancels the next health check, or the end of draining. */
  cancel: () => void;
}

export interface ListenerRecord {
  readonly arn: string;
  readonly loadBalancerArn: string;
  port: number;
  /** `null` for HTTP. */
  secure: SecureListener | null;
}

export interface SecureListener {
  readonly policy: string;
  /** ARNs, the default first. */
  readonly certificates: readonly string[];
}

export interface RuleRecord {
  readonly arn: string;
  readonly listenerArn: string;
  /** `null` for the default rule of the listener. */
  priority: number | null;
  conditions: RuleCondition[];
  /** The actions of the request, as described. */
  actions: Action[];
  /** The actions of the data plane, which follow `actions` after the propagation delay. */
  serving: Action[];
}

export function createWorld(options: {
  readonly clock: Clock;
  readonly propagation: Milliseconds;
  readonly certificates: Certificates;
  readonly account: string;
  readonly region: string;
}): World {
  const { clock, propagation, certificates, account, region } = options;
  let created = 0;
  return {
    clock,
    propagation,
    certificates,
    loadBalancers: new Map(),
    targetGroups: new Map(),
    listeners: new Map(),
    rules: new Map(),
    tags: new Map(),
    newArn(resource) {
      created++;
      const id = createHash('sha256').update(`${resource} ${created}`).digest('hex').slice(0, 16);
      return `arn:aws:elasticloadbalancing:${region}:${account}:${resource}/${id}`;
    },
  };
}

export function findLoadBalancer({ loadBalancers }: World, arn: string): LoadBalancerRecord {
  return found(loadBalancers.get(arn), 'LoadBalancerNotFound', `Load balancer '${arn}' not found`);
}

export function findTargetGroup({ targetGroups }: World, arn: string): TargetGroupRecord {
  return found(targetGroups.get(arn), 'TargetGroupNotFound', `Target groups '${arn}' not found`);
}

export function findListener({ listeners }: World, arn: string): ListenerRecord {
  return found(listeners.get(arn), 'ListenerNotFound', 'One or more listeners not found');
}

export function findRule({ rules }: World, arn: string): RuleRecord {
  return found(rules.get(arn), 'RuleNotFound', 'One or more rules not found');
}

function found<T>(record: T | undefined, code: string, message: string): T {
  if (record !== undefined) return record;
  throw new AwsError(code, message);
}

/** In order of priority, the default rule last. */
export function rulesOf({ rules }: World, listenerArn: string): RuleRecord[] {
  return [...rules.values()]
    .filter((rule) => rule.listenerArn === listenerArn)
    .toSorted((a, b) => (a.priority ?? Infinity) - (b.priority ?? Infinity));
}

export function defaultRule(world: World, listenerArn: string): RuleRecord {
  return rulesOf(world, listenerArn).at(-1)!;
}

export function listenersOf({ listeners }: World, loadBalancerArn: string): ListenerRecord[] {
  return [...listeners.values()].filter((listener) => listener.loadBalancerArn === loadBalancerArn);
}

export function forwardedTo(actions: readonly Action[]) {
  return actions.find(({ Type }) => Type === 'forward')?.ForwardConfig?.TargetGroups ?? [];
}

/** The load balancer whose rules forward to the target group; `null` when there is none. */
export function loadBalancerUsing(world: World, targetGroupArn: string): string | null {
  for (const { actions, listenerArn } of world.rules.values()) {
    if (forwardedTo(actions).some(({ TargetGroupArn }) => TargetGroupArn === targetGroupArn)) {
      return world.listeners.get(listenerArn)!.loadBalancerArn;
    }
  }
  return null;
}
