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

/** Best effort: without it, a rollout whose runner dies leaves ECS's strategy of the rollout on the service. */
export async function saveConfiguration({ ecs, service, lease, tell }: Remembering): Promise<void> {
  const tags = savedConfigurationTags(service.deploymentConfiguration);
  // Where the lease could not be written, that was told.
  if (tags === null || !lease.tags) return;
  try {
    await ecs.send(new TagResourceCommand({ resourceArn: service.serviceArn, tags }));
  } catch (error) {
    const message = errorText(error);
    const otherwise =
      "Should this run die, the service's own deployment configuration must be restored by hand.";
    tell({ kind: 'notice', level: 'warning', message: `${message} ${otherwise}` });
  }
}

/** Nothing was started: what was remembered for it goes. Best effort; the next run does it else. */
export async function dropSavedConfiguration({
  ecs,
  service,
  lease,
}: Omit<Remembering, 'tell'>): Promise<void> {
  // An earlier run that died needs it still.
  if (service.leftOver) return;
  const tagKeys = savedConfigurationKeys(savedConfigurationTags(service.deploymentConfiguration) ?? []);
  if (tagKeys.length === 0 || !lease.tags || lease.takenBy !== null) return;
  await ecs.send(new UntagResourceCommand({ resourceArn: service.serviceArn, tagKeys })).catch(() => {});
}
