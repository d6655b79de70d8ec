import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { DeploymentConfiguration, Service, Tag } from '@aws-sdk/client-ecs';
import { ownConfiguration } from '../strategies/paused/pause-hook.ts';

/**
 * During a rollout, the service's own deployment configuration is saved in tags on the service, so
 * that a run that takes over, or the next run, can restore it. A tag value has at most 256
 * characters and does not allow those of JSON.
 */
const PREFIX = 'ecs-ramp:own-configuration';
const LONGEST_VALUE = 256;
/** ECS allows 50 tags on a service, and most of them belong to the user. */
const MOST_TAGS = 8;

/** The tags that hold a configuration; `null` when it is too long. Pure. */
export function savedConfigurationTags(own: DeploymentConfiguration): Tag[] | null {
  const text = deflateRawSync(JSON.stringify(own)).toString('base64url');
  const parts = text.match(new RegExp(`.{1,${LONGEST_VALUE}}`, 'g')) ?? [];
  if (parts.length > MOST_TAGS) return null;
  return parts.map((value, index) => ({ key: `${PREFIX}-${index + 1}`, value }));
}

/** The configuration in the tags; `null` when there is none or it is incomplete. Pure. */
export function savedConfiguration(tags: readonly Tag[]): DeploymentConfiguration | null {
  const values = tags
    .filter(({ key }) => isMemory(key))
    .sort((a, b) => a.key!.localeCompare(b.key!))
    .map(({ value }) => value ?? '');
  if (values.length === 0) return null;
  try {
    return JSON.parse(inflateRawSync(Buffer.from(values.join(''), 'base64url')).toString());
  } catch {
    // Somebody edited the tags. The caller then uses the service's configuration without the hook.
    return null;
  }
}

/**
 * The service's own configuration: the saved one during a rollout or after one that was not
 * settled, otherwise the current one without the hook.
 */
export function ownConfigurationOf({
  deploymentConfiguration = {},
  tags = [],
}: Pick<Service, 'deploymentConfiguration' | 'tags'>): DeploymentConfiguration {
  return savedConfiguration(tags) ?? ownConfiguration(deploymentConfiguration);
}

/** The keys of the tags to remove. */
export function savedConfigurationKeys(tags: readonly Tag[]): string[] {
  return tags.flatMap(({ key }) => (isMemory(key) ? [key!] : []));
}

function isMemory(key: string | undefined): boolean {
  return key?.startsWith(PREFIX) ?? false;
}
