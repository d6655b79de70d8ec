import type { Tag } from '@aws-sdk/client-ecs';
import { packedText, unpackedText } from '../../aws/tag-text.ts';
import { SECOND } from '../../core/time/clock.ts';

/**
 * An approval is a tag on the service. The rollout writes which step of which service deployment
 * waits. Whoever approves or aborts replaces the value. An answer for another deployment or step is
 * ignored.
 */
const KEY = 'ecs-ramp:gate';
/** The reason of an abort, encoded because a tag does not allow all characters of a sentence. */
const REASON = 'ecs-ramp:gate-reason';
const LONGEST_VALUE = 256;

/** The content of the tag. */
export interface WrittenGate {
  readonly says: 'waiting' | 'approved' | 'aborted';
  readonly percent: number;
  /** The last part of the service deployment's ARN. */
  readonly deployment: string;
  /** For `waiting`, the deadline; otherwise, the time of the answer. */
  readonly at: number;
  /** Who answered; empty when nobody has. */
  readonly by: string;
  /** The reason of an abort. */
  readonly reason: string | null;
}

/**
 * `waiting 30 7FqXbL4hQ1 2026-11-21T14:00:00Z`, `approved 30 7FqXbL4hQ1 2026-11-21T12:20:00Z
 * octocat`. Pure.
 */
export function gateTags({ says, percent, deployment, at, by, reason }: WrittenGate): Tag[] {
  const moment = new Date(Math.floor(at / SECOND) * SECOND).toISOString().replace('.000', '');
  // Replaces characters that a tag does not allow, and the separator of this value.
  const words = [says, String(percent), deployment, moment, by.replaceAll(/[^\w+=.:/@-]/g, '_')];
  const tags = [{ key: KEY, value: words.filter(Boolean).join(' ').slice(0, LONGEST_VALUE) }];
  return reason === null ? tags : [...tags, { key: REASON, value: packedText(reason) }];
}

/** `null` when there is no gate tag or it is malformed. Pure. */
export function gateIn(tags: readonly Tag[]): WrittenGate | null {
  const [says, percent, deployment, moment = '', by = ''] =
    tags.find(({ key }) => key === KEY)?.value?.split(' ') ?? [];
  const at = Date.parse(moment);
  if (says !== 'waiting' && says !== 'approved' && says !== 'aborted') return null;
  if (deployment === undefined || !(Number(percent) >= 0) || Number.isNaN(at)) return null;
  const reason = says === 'aborted' ? tags.find(({ key }) => key === REASON)?.value : undefined;
  const unpacked = reason === undefined ? null : unpackedText(reason);
  return { says, percent: Number(percent), deployment, at, by, reason: unpacked };
}

/** The keys of the tags to remove. */
export function gateKeys(tags: readonly Tag[]): string[] {
  return tags.flatMap(({ key }) => (key === KEY || key === REASON ? [key] : []));
}
