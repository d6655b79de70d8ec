import { DescribeServicesCommand, type ECSClient } from '@aws-sdk/client-ecs';
import { explained } from '../aws/refusals.ts';
import type { ServiceFacts } from '../traffic/service-facts.ts';

/** Whether the service runs this task definition and nothing else, with all its tasks, and no deployment is under way. */
export async function servesAlready(
  ecs: ECSClient,
  service: ServiceFacts,
  taskDefinitionArn: string,
): Promise<boolean> {
  const answer = await explained(
    'ecs:DescribeServices',
    `service ${service.name}`,
    ecs.send(new DescribeServicesCommand({ cluster: service.clusterArn, services: [service.name] })),
  );
  const found = answer.services?.[0];
  if (found?.taskDefinition !== taskDefinitionArn) return false;
  const [deployment, ...others] = found.deployments ?? [];
  return (
    others.length === 0 &&
    deployment?.taskDefinition === taskDefinitionArn &&
    deployment.rolloutState === 'COMPLETED' &&
    (found.runningCount ?? 0) >= (found.desiredCount ?? 0)
  );
}
