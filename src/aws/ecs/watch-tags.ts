import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Tag } from '@aws-sdk/client-ecs';
import { isObject } from '../../core/is-object.ts';
import type { RolloutRequest } from '../../core/request.ts';

/**
 * How a release is judged, stored in tags of its task definition: `reconcile` judges it the same way
 * after its job has ended. The tags need no clean-up, because they belong to the release.
 */
export type WatchSettings = Pick<RolloutRequest, 'steps' | 'bakeTime' | 'judging' | 'alarms' | 'metrics'>;

const WATCH_PREFIX = 'ecs-ramp:watch-';
const LONGEST_VALUE = 256;
/** ECS allows 50 tags, and most of them belong to the user. */
const MOST_TAGS = 6;

/** The tags of the task definition; without the metrics if they are too long. Pure. */
export function watchTags({ steps, bakeTime, judging, alarms, metrics }: RolloutRequest): readonly Tag[] {
  const settings = { steps, bakeTime, judging, alarms, metrics };
  return packed(settings) ?? packed({ ...settings, metrics: [] }) ?? [];
}

function packed(settings: WatchSettings): readonly Tag[] | null {
  const text = deflateRawSync(JSON.stringify(settings)).toString('base64url');
  const parts = text.match(new RegExp(`.{1,${LONGEST_VALUE}}`, 'g')) ?? [];
  if (parts.length > MOST_TAGS) return null;
  return parts.map((value, index) => ({ key: `${WATCH_PREFIX}${index + 1}`, value }));
}

/** `null` if there are none, or they were edited by hand. Pure. */
export function watchSettingsOf(tags: readonly Tag[]): WatchSettings | null {
  const values = tags
    .filter(({ key }) => key?.startsWith(WATCH_PREFIX))
    .sort((a, b) => a.key!.localeCompare(b.key!))
    .map(({ value }) => value ?? '');
  if (values.length === 0) return null;
  try {
    const settings: unknown = JSON.parse(
      inflateRawSync(Buffer.from(values.join(''), 'base64url')).toString(),
    );
    return isWatchSettings(settings) ? settings : null;
  } catch {
    return null;
  }
}

function isWatchSettings(value: unknown): value is WatchSettings {
  return (
    isObject(value) &&
    isObject(value['judging']) &&
    typeof value['bakeTime'] === 'number' &&
    ['steps', 'alarms', 'metrics'].every((name) => Array.isArray(value[name]))
  );
}
