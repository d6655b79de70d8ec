import type { Service } from '@aws-sdk/client-ecs';
import { primaryDeployment } from '../../aws/ecs/primary-deployment.ts';

/**
 * The ways by which requests reach a service past its load balancer. ecs-ramp neither moves nor
 * measures them: ECS moves them with the rollout, or the new tasks get them as soon as they are
 * healthy (Cloud Map). Pure.
 */
export function hiddenTraffic(service: Service): string[] {
  const primary = primaryDeployment(service);
  const connect = primary?.serviceConnectConfiguration;
  return [
    ...(connect?.enabled && (connect.services ?? []).length > 0 ? ['Service Connect'] : []),
    ...((primary?.vpcLatticeConfigurations ?? []).length > 0 ? ['VPC Lattice'] : []),
    ...((service.serviceRegistries ?? []).length > 0 ? ['Cloud Map'] : []),
  ];
}
