import {
  DescribeServicesCommand,
  UntagResourceCommand,
  UpdateServiceCommand,
  type ECSClient,
} from '@aws-sdk/client-ecs';
import type { Lease } from '../../aws/lease/lease.ts';
import { leftTags } from './leftover-tags.ts';
import { patienceOf } from '../strategies/paused/pause-hook.ts';
import type { ServiceFacts } from './service-facts.ts';
import { UserError } from '../../core/failure.ts';

/** The facts about the service that `restoreService` needs. */
export type RestoredService = Pick<
  ServiceFacts,
  'name' | 'serviceArn' | 'cluster' | 'deploymentConfiguration'
>;

/**
 * Removes the pause hook of ecs-ramp from the service, restores the service's own deployment
 * configuration and removes the tags of ecs-ramp: the saved configuration, the gate and the lease,
 * which ends here. Idempotent. Rejects with UserError. Changing only the configuration starts no
 * deployment.
 */
export async function restoreService(ecs: ECSClient, service: RestoredService, lease: Lease): Promise<void> {
  await lease.confirm();
  const answer = await ecs.send(
    new UpdateServiceCommand({
      cluster: service.cluster,
      service: service.name,
      deploymentConfiguration: service.deploymentConfiguration,
    }),
  );
  if (patienceOf(answer.service?.deploymentConfiguration) !== null) {
    throw new UserError(
      `ECS kept the pause hook on service ${service.name}: remove it, or the next deployment waits for an answer (aws ecs update-service --deployment-configuration with "lifecycleHooks": []).`,
    );
  }
  await lease.atRest(() => takeTagsAway(ecs, service, lease));
}

async function takeTagsAway(ecs: ECSClient, service: RestoredService, lease: Lease): Promise<void> {
  const described = await ecs.send(
    new DescribeServicesCommand({ cluster: service.cluster, services: [service.name], include: ['TAGS'] }),
  );
  const tags = described.services?.[0]?.tags ?? [];
  const tagKeys = [...leftTags(tags), ...lease.keysIn(tags)];
  if (tagKeys.length > 0) {
    await ecs.send(new UntagResourceCommand({ resourceArn: service.serviceArn, tagKeys }));
  }
  lease.end();
}
