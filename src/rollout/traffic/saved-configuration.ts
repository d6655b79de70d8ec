import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { DeploymentConfiguration, Service, Tag } from '@aws-sdk/client-ecs';
import { ownConfiguration } from '../strategies/paused/pause-hook.ts';

/**
 * For the length of a rollout the service's own deployment configuration is kept in tags on the service, so that a run that
 * takes over, or the next one, can bring it back. A tag holds 256 characters, and not those of JSON.
 */
const PREFIX = 'ecs-ramp:own-configuration';
const LONGEST_VALUE = 256;
/** ECS takes 50 tags on a service, and most are the user's. */
const MOST_TAGS = 8;

/** The tags that remember a configuration; null: it is too long to be remembered. Pure. */
export function savedConfigurationTags(own: DeploymentConfiguration): Tag[] | null {
  const text = deflateRawSync(JSON.stringify(own)).toString('base64url');
  const parts = text.match(new RegExp(`.{1,${LONGEST_VALUE}}`, 'g')) ?? [];
  if (parts.length > MOST_TAGS) return null;
  return parts.map((value, index) => ({ key: `${PREFIX}-${index + 1}`, value }));
}

/** What the tags remember; null: nothing, or nothing whole. Pure. */
export function savedConfiguration(tags: readonly Tag[]): DeploymentConfiguration | null {
  const values = tags
    .filter(({ key }) => isMemory(key))
    .sort((a, b) => a.key!.localeCompare(b.key!))
    .map(({ value }) => value ?? '');
  if (values.length === 0) return null;
  try {
    return JSON.parse(inflateRawSync(Buffer.from(values.join(''), 'base64url')).toString());
  } catch {
    // Somebody edited the tags: what the service says without our hook is the next best.
    return null;
  }
}

/** The user's own configuration of a service: what is remembered while a rollout is under way or was left, else what it says. */
export function ownConfigurationOf({
  deploymentConfiguration = {},
  tags = [],
}: Pick<Service, 'deploymentConfiguration' | 'tags'>): DeploymentConfiguration {
  return savedConfiguration(tags) ?? ownConfiguration(deploymentConfiguration);
}

/** The keys to take away again. */
export function savedConfigurationKeys(tags: readonly Tag[]): string[] {
  return tags.flatMap(({ key }) => (isMemory(key) ? [key!] : []));
}

function isMemory(key: string | undefined): boolean {
  return key?.startsWith(PREFIX) ?? false;
}
