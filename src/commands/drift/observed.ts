import type { Service, ServiceDeployment } from '@aws-sdk/client-ecs';
import type { Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Release, Version } from '../../aws/ecs/releases.ts';
import type { TargetCounts } from '../../aws/elb/rules-and-targets.ts';
import type { BranchRelation } from './branch.ts';

/** What was read about services, their load balancers and their releases. */
export interface Observed {
  readonly now: number;
  /** By ARN: the current deployment of each service. */
  readonly deployments: ReadonlyMap<string | undefined, ServiceDeployment>;
  /** By the ARN of the service revision. */
  readonly versions: ReadonlyMap<string, Version>;
  /** By ARN: each rule that a service names, and each that forwards to one of its groups. */
  readonly rules: ReadonlyMap<string, Rule>;
  /** ARNs of rules that a service names and that do not exist. */
  readonly missingRules: ReadonlySet<string>;
  /** By the ARN of the task definition. */
  readonly releases: ReadonlyMap<string, Release>;
  /** By the ARN of the target group. */
  readonly targets: ReadonlyMap<string, TargetCounts>;
  /**
   * By the ARN of the service: the task definition of the last release of ecs-ramp, where another
   * tool deployed a different one later.
   */
  readonly replacedReleases: ReadonlyMap<string, Release>;
  /** By commit, for those that git can compare with the branch. */
  readonly commits: ReadonlyMap<string, BranchRelation>;
}

/** The task definition that a service runs, also after a rollback. Pure. */
export function runningTaskDefinition(
  { taskDefinition = '', currentServiceRevisions = [] }: Service,
  versions: Observed['versions'],
): string {
  const [running, ...others] = currentServiceRevisions;
  if (running === undefined || others.length > 0) return taskDefinition;
  return versions.get(running.arn ?? '')?.taskDefinitionArn ?? taskDefinition;
}
