/** A service by the names that a policy knows it by. */
export interface ServiceNames {
  /** `aws`, or that of China's or the government's regions. */
  readonly partition: string;
  readonly region: string;
  /** 12 digits. */
  readonly account: string;
  readonly cluster: string;
  /** `*`: every service of the cluster. */
  readonly service: string;
  /** Of its task definitions; null: none is registered. */
  readonly family: string | null;
  /** In the account's own ECR; null: the images are elsewhere. */
  readonly repository: { readonly name: string; readonly builds: boolean } | null;
  readonly logGroups: readonly string[];
  /** ARNs of the roles that its task definition names. */
  readonly taskRoles: readonly string[];
  /** ARN of the role with which ECS moves its traffic; null: it has no load balancer. */
  readonly infrastructureRole: string | null;
  /** Whether ECS updates it in batches, in one target group: then it has no such role. */
  readonly rolling: boolean;
  /** Whether alarms are watched during a rollout. */
  readonly alarms: boolean;
}

/** The partition that a region is in. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
