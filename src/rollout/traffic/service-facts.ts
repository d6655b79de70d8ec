import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import type { ServiceRef } from '../../core/service-ref.ts';
import type { StrategyName } from '../../core/plan/strategies.ts';
import type { BalancedGroup } from './balanced-group.ts';

/** The facts about the service that the rollout needs, read once before anything changes. */
export interface ServiceFacts extends ServiceRef {
  readonly serviceArn: string;
  readonly taskDefinitionArn: string;
  readonly desiredCount: number;
  readonly runningCount: number;
  /** The user's configuration, without what an earlier run of ecs-ramp left behind. */
  readonly deploymentConfiguration: DeploymentConfiguration;
  /** Whether an earlier run died and left its pause hook or its tags on the service. */
  readonly leftOver: boolean;
  readonly strategy: StrategyName;
  readonly routing: Routing;
}

/** How requests reach the tasks of a service. */
export type Routing = TwoGroups | OneGroup | NoBalancer;

/** A listener rule that divides the requests between the revisions by weight. */
export interface TwoGroups {
  readonly kind: 'two-groups';
  readonly loadBalancerArn: string;
  readonly dnsName: string;
  readonly productionRule: string;
  readonly testRule: string | null;
  /** Scheme, host and port of the test listener; `null` when there is none. */
  readonly testUrl: string | null;
  /** The Host header for the test listener; `null` when any is accepted. */
  readonly testHost: string | null;
  /** The name that the test listener's certificate is for; `null` for HTTP, or if it is not known. */
  readonly testServerName: string | null;
  /** Other headers that the test rule requires. */
  readonly testHeaders: Readonly<Record<string, string>>;
  /** The service's two target groups. Only the service revisions show which one is the canary's. */
  readonly targetGroups: readonly [string, string];
  /** Whether the rule or the target groups have sticky sessions: errors then come in clusters. */
  readonly sticky: boolean;
}

/** The members of a service without a test listener. */
export const NO_TEST_LISTENER: Pick<TwoGroups, 'testUrl' | 'testHost' | 'testServerName' | 'testHeaders'> = {
  testUrl: null,
  testHost: null,
  testServerName: null,
  testHeaders: {},
};

/** One target group that contains the tasks of both revisions. */
export interface OneGroup {
  readonly kind: 'one-group';
  readonly group: BalancedGroup;
  /** Whether the target group has sticky sessions: errors then come in clusters. */
  readonly sticky: boolean;
}

/** No load balancer: the tasks fetch their work. */
export interface NoBalancer {
  readonly kind: 'none';
}
