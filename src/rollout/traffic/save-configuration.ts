import { TagResourceCommand, UntagResourceCommand, type ECSClient } from '@aws-sdk/client-ecs';
import type { Lease } from '../../aws/lease/lease.ts';
import type { Notice } from '../../core/trail/event.ts';
import { savedConfigurationKeys, savedConfigurationTags } from './saved-configuration.ts';
import type { ServiceFacts } from './service-facts.ts';
import { errorText } from '../../core/failure.ts';

interface Remembering {
  readonly ecs: ECSClient;
  readonly service: ServiceFacts;
  readonly lease: Lease;
  readonly tell: (event: Notice) => void;
}

/**
 * Best effort: without the saved configuration, a run that dies leaves the strategy of the rollout
 * on the service.
 */
export async function saveConfiguration({ ecs, service, lease, tell }: Remembering): Promise<void> {
  const tags = savedConfigurationTags(service.deploymentConfiguration);
  // When the lease could not be written, a notice was already given.
  if (tags === null || !lease.tags) return;
  try {
    await ecs.send(new TagResourceCommand({ resourceArn: service.serviceArn, tags }));
  } catch (error) {
    const message = errorText(error);
    const otherwise = "If this run is killed, restore the service's own deployment configuration by hand.";
    tell({ kind: 'notice', level: 'warning', message: `${message} ${otherwise}` });
  }
}

/**
 * Removes the saved configuration when no deployment was started. Best effort: otherwise the next
 * run removes it.
 */
export async function dropSavedConfiguration({
  ecs,
  service,
  lease,
}: Omit<Remembering, 'tell'>): Promise<void> {
  // The saved configuration of an earlier run that died is still needed.
  if (service.leftOver) return;
  const tagKeys = savedConfigurationKeys(savedConfigurationTags(service.deploymentConfiguration) ?? []);
  if (tagKeys.length === 0 || !lease.tags || lease.takenBy !== null) return;
  await ecs.send(new UntagResourceCommand({ resourceArn: service.serviceArn, tagKeys })).catch(() => {});
}
