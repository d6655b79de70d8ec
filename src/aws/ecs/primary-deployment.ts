import type { Deployment, Service } from '@aws-sdk/client-ecs';

/** The deployment of the newest configuration of a service. It has members that the service has not. Pure. */
export function primaryDeployment({ deployments = [] }: Service): Deployment | undefined {
  return deployments.find(({ status }) => status === 'PRIMARY');
}
