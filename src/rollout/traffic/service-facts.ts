import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import type { ServiceRef } from '../../core/service-ref.ts';
import type { StrategyName } from '../../core/plan/strategies.ts';
import type { BalancedGroup } from './balanced-group.ts';

/** What the rollout needs to know of the service, read once before anything is changed. */
export interface ServiceFacts extends ServiceRef {
  readonly serviceArn: string;
  readonly taskDefinitionArn: string;
  readonly desiredCount: number;
  readonly runningCount: number;
  /** As the user has it, without what an earlier run of ours may have left behind. */
  readonly deploymentConfiguration: DeploymentConfiguration;
  /** An earlier run died and left its pause hook, or what it remembered, on the service. */
  readonly leftOver: boolean;
  /** How it is rolled out. */
  readonly strategy: StrategyName;
  readonly routing: Routing;
}

/** How requests come to the tasks of a service. */
export type Routing = TwoGroups | OneGroup | NoBalancer;

/** By a listener rule that sends them to either version by weights. */
export interface TwoGroups {
  readonly kind: 'two-groups';
  readonly loadBalancerArn: string;
  readonly dnsName: string;
  readonly productionRule: string;
  readonly testRule: string | null;
  /** Where the test listener is reached: scheme, host and port; null without one. */
  readonly testUrl: string | null;
  /** The Host header that the test rule wants; null: any. */
  readonly testHost: string | null;
  /** The service's two target groups; which one is the canary only the service revisions tell. */
  readonly targetGroups: readonly [string, string];
  /** Sticky sessions on the rule or the target groups: errors then come in clumps. */
  readonly sticky: boolean;
}

/** By a target group that both versions are in. */
export interface OneGroup {
  readonly kind: 'one-group';
  readonly group: BalancedGroup;
  /** Sticky sessions: errors then come in clumps. */
  readonly sticky: boolean;
}

/** From nowhere: its tasks take their work themselves. */
export interface NoBalancer {
  readonly kind: 'none';
}
