/** The names and ARNs of a service that a policy contains. */
export interface ServiceNames {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly region: string;
  /** 12 digits. */
  readonly account: string;
  readonly cluster: string;
  /** `*` for every service of the cluster. */
  readonly service: string;
  /** The task definition family; `null` if nothing is registered. */
  readonly family: string | null;
  /** The ECR repository in this account; `null` if the images are elsewhere. */
  readonly repository: { readonly name: string; readonly builds: boolean } | null;
  readonly logGroups: readonly string[];
  /** ARNs of the roles in its task definition. */
  readonly taskRoles: readonly string[];
  /** ARN of the role with which ECS moves traffic; `null` without a load balancer. */
  readonly infrastructureRole: string | null;
  /** Whether ECS uses rolling updates in one target group: then there is no such role. */
  readonly rolling: boolean;
  /** Whether alarms are monitored during a rollout. */
  readonly alarms: boolean;
}

/** The partition of a region. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
