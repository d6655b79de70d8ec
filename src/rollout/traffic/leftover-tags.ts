import type { Tag } from '@aws-sdk/client-ecs';
import { gateKeys } from './gate-tag.ts';
import { savedConfigurationKeys } from './saved-configuration.ts';

/**
 * The keys of the tags that a rollout leaves on a service until it is settled, without those of the
 * lease. Pure.
 */
export function leftTags(tags: readonly Tag[]): string[] {
  return [...savedConfigurationKeys(tags), ...gateKeys(tags)];
}
