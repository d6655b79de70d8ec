import { partition } from '@aws-sdk/core/client';

/** The names and ARNs of a service that a policy contains. */
export interface ServiceNames {
  /** `aws`, `aws-cn`, `aws-us-gov` and so on. */
  readonly partition: string;
  readonly region: string;
  /** 12 digits. */
  readonly account: string;
  readonly cluster: string;
  /** `*` for every service of the cluster. */
  readonly service: string;
  /** The task definition family; `null` if nothing is registered. */
  readonly family: string | null;
  /** The ECR repository; `null` if the images are elsewhere. */
  readonly repository: RepositoryNames | null;
  readonly logGroups: readonly string[];
  /** ARNs of the roles in its task definition. */
  readonly taskRoles: readonly string[];
  /** ARN of the role with which ECS moves traffic; `null` without a load balancer. */
  readonly infrastructureRole: string | null;
  /** Whether ECS uses rolling updates in one target group: then there is no such role. */
  readonly rolling: boolean;
  /** Whether a container of its task definition is privileged. */
  readonly privileged: boolean;
  /** The subnets of its tasks; empty if they are not known. */
  readonly subnets: readonly string[];
  /** Whether alarms are monitored during a rollout. */
  readonly alarms: boolean;
}

export interface RepositoryNames {
  readonly name: string;
  readonly builds: boolean;
  /** Default: those of the service. */
  readonly registry?: { readonly account: string; readonly region: string };
}

/** The partition of a region. */
export function partitionOf(region: string): string {
  return partition(region).name;
}
