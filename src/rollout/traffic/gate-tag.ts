import type { Tag } from '@aws-sdk/client-ecs';
import { SECOND } from '../../core/time/clock.ts';

/**
 * An approval travels as a tag on the service: the rollout writes that it waits, at which step of which service deployment;
 * whoever approves or aborts writes that in its place. What was said of another deployment or step says nothing here.
 */
const KEY = 'ecs-ramp:gate';
/** Why it was aborted; a tag does not take all characters of a sentence. */
const REASON = 'ecs-ramp:gate-reason';
const LONGEST_VALUE = 256;

/** What the tag on a service says. */
export interface WrittenGate {
  readonly says: 'waiting' | 'approved' | 'aborted';
  readonly percent: number;
  /** The service deployment, by the last part of its ARN. */
  readonly deployment: string;
  /** Waiting: until when. Else: when it was said. */
  readonly at: number;
  /** Who said it; empty: nobody yet. */
  readonly by: string;
  /** Of an abort. */
  readonly reason: string | null;
}

/** `waiting 30 7FqXbL4hQ1 2026-11-21T14:00:00Z`, `approved 30 7FqXbL4hQ1 2026-11-21T12:20:00Z octocat`. Pure. */
export function gateTags({ says, percent, deployment, at, by, reason }: WrittenGate): Tag[] {
  const moment = new Date(Math.floor(at / SECOND) * SECOND).toISOString().replace('.000', '');
  // The characters that a tag may have, and none that parts the words of this one.
  const words = [says, String(percent), deployment, moment, by.replaceAll(/[^\w+=.:/@-]/g, '_')];
  const tags = [{ key: KEY, value: words.filter(Boolean).join(' ').slice(0, LONGEST_VALUE) }];
  return reason === null ? tags : [...tags, { key: REASON, value: packed(reason) }];
}

/** Null: there is none, or somebody edited it. Pure. */
export function gateIn(tags: readonly Tag[]): WrittenGate | null {
  const [says, percent, deployment, moment = '', by = ''] =
    tags.find(({ key }) => key === KEY)?.value?.split(' ') ?? [];
  const at = Date.parse(moment);
  if (says !== 'waiting' && says !== 'approved' && says !== 'aborted') return null;
  if (deployment === undefined || !(Number(percent) >= 0) || Number.isNaN(at)) return null;
  const reason = says === 'aborted' ? tags.find(({ key }) => key === REASON)?.value : undefined;
  const unpacked = reason === undefined ? null : Buffer.from(reason, 'base64url').toString();
  return { says, percent: Number(percent), deployment, at, by, reason: unpacked };
}

/** The keys to take away again. */
export function gateKeys(tags: readonly Tag[]): string[] {
  return tags.flatMap(({ key }) => (key === KEY || key === REASON ? [key] : []));
}

/** As much of it as a tag holds, whole characters. */
function packed(text: string): string {
  let kept = text.toWellFormed();
  while (Buffer.from(kept).toString('base64url').length > LONGEST_VALUE)
    kept = kept.slice(0, -1).toWellFormed();
  return Buffer.from(kept).toString('base64url');
}
