import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import type { BalancedGroup } from './balanced-group.ts';
import type { Split } from '../../core/plan/split.ts';

/** What the rollout needs to know of the service, read once before anything is changed. */
export interface ServiceFacts {
  readonly name: string;
  readonly serviceArn: string;
  readonly clusterArn: string;
  readonly taskDefinitionArn: string;
  readonly desiredCount: number;
  readonly runningCount: number;
  /** As the user has it, without what an earlier run of ours may have left behind. */
  readonly deploymentConfiguration: DeploymentConfiguration;
  /** An earlier run died and left its pause hook, or what it remembered, on the service. */
  readonly leftOver: boolean;
  /** What requests are shifted by; null: its tasks take their work themselves, or ECS updates it in batches. */
  readonly balancer: BalancerFacts | null;
  /** ECS updates it in batches, as it was asked for; null: it does not. */
  readonly rolling: RollingFacts | null;
}

export interface RollingFacts {
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  /** The one target group that both versions are in; null: nobody sends it requests. */
  readonly group: BalancedGroup | null;
  /** Sticky sessions: errors then come in clumps. */
  readonly sticky: boolean;
}

/** What a rollout of the service parts. */
export function splitOf({ balancer, rolling }: Pick<ServiceFacts, 'balancer' | 'rolling'>): Split {
  if (rolling !== null) return 'rolling';
  return balancer === null ? 'tasks' : 'requests';
}

export interface BalancerFacts {
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
