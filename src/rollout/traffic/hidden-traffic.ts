import type { Service } from '@aws-sdk/client-ecs';

/**
 * The ways by which requests reach a service past its load balancer. ecs-ramp neither moves nor
 * measures them: ECS moves them with the rollout, or the new tasks get them as soon as they are
 * healthy (Cloud Map). Pure.
 */
export function hiddenTraffic({ deployments = [], serviceRegistries = [] }: Service): string[] {
  const primary = deployments.find(({ status }) => status === 'PRIMARY');
  const connect = primary?.serviceConnectConfiguration;
  return [
    ...(connect?.enabled && (connect.services ?? []).length > 0 ? ['Service Connect'] : []),
    ...((primary?.vpcLatticeConfigurations ?? []).length > 0 ? ['VPC Lattice'] : []),
    ...(serviceRegistries.length > 0 ? ['Cloud Map'] : []),
  ];
}
