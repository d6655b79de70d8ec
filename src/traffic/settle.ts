import {
  DescribeServicesCommand,
  UntagResourceCommand,
  UpdateServiceCommand,
  type ECSClient,
} from '@aws-sdk/client-ecs';
import { explained, Refused } from '../aws/refusals.ts';
import { memoryKeys } from './memory.ts';
import { patienceOf } from './pause-hook.ts';
import type { ServiceFacts } from './service-facts.ts';

/**
 * Takes our pause hook off the service, brings its own deployment configuration back, and forgets it. Idempotent. Rejects with
 * Refused. The configuration alone starts no deployment.
 */
export async function settle(ecs: ECSClient, service: ServiceFacts): Promise<void> {
  const answer = await explained(
    'ecs:UpdateService',
    `service ${service.name} (to take the pause hook away)`,
    ecs.send(
      new UpdateServiceCommand({
        cluster: service.clusterArn,
        service: service.name,
        deploymentConfiguration: service.deploymentConfiguration,
      }),
    ),
  );
  if (patienceOf(answer.service?.deploymentConfiguration) !== null) {
    throw new Refused(
      `ECS kept the pause hook on service ${service.name}: take it away, or the next deployment will wait for an answer (aws ecs update-service --deployment-configuration with "lifecycleHooks": []).`,
    );
  }
  const described = await ecs.send(
    new DescribeServicesCommand({ cluster: service.clusterArn, services: [service.name], include: ['TAGS'] }),
  );
  const tagKeys = memoryKeys(described.services?.[0]?.tags ?? []);
  if (tagKeys.length === 0) return;
  await explained(
    'ecs:UntagResource',
    `service ${service.name}`,
    ecs.send(new UntagResourceCommand({ resourceArn: service.serviceArn, tagKeys })),
  );
}
