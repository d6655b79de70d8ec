import type { Tag } from '@aws-sdk/client-ecs';
import { SECOND } from '../../core/time/clock.ts';
import { CLAIM_WAIT, CLOCK_SKEW, TERM } from './times.ts';
import type { Run } from '../../core/run.ts';

/** The lease is one tag on the service: until when, which process, where it is found, and its job. */
const KEY = 'ecs-ramp:lease';
const LONGEST_VALUE = 256;

/** What the tag on a service says. */
export interface WrittenLease {
  readonly text: string;
  /** By the writer's clock; null: somebody edited it. */
  readonly until: number | null;
  readonly id: string | null;
  /** The run in words: its page, and its job. */
  readonly inWords: string;
  readonly place: string;
}

/** `2026-11-21T12:03:00Z 3f9a2c11d0 https://github.com/acme/shop/actions/runs/1234/attempts/1 deploy` */
export function tagFor({ id, place, job }: Run, until: number): Tag {
  const moment = new Date(Math.floor(until / SECOND) * SECOND).toISOString().replace('.000', '');
  // The characters that a tag may have, and none that parts the words of this one.
  const words = [place, job].flatMap((word) =>
    word === null ? [] : [word.replaceAll(/[^\w+=.:/@-]/g, '_')],
  );
  return { key: KEY, value: [moment, id, ...words].join(' ').slice(0, LONGEST_VALUE) };
}

/** Null: there is none. */
export function writtenIn(tags: readonly Tag[]): WrittenLease | null {
  const text = tags.find(({ key }) => key === KEY)?.value;
  if (text === undefined) return null;
  const [moment = '', id, place = '', job] = text.split(' ');
  const until = Date.parse(moment);
  if (Number.isNaN(until) || id === undefined) {
    return { text, until: null, id: null, inWords: `"${text}"`, place };
  }
  return { text, until, id, inWords: job === undefined ? place : `${place} (job ${job})`, place };
}

/** The key of the lease, to be taken away, unless another run's name stands there. The read may be older than our own name. */
export function leaseKeys(tags: readonly Tag[], run: Run): string[] {
  const written = writtenIn(tags);
  return written === null || isLeaseOf(written, run) ? [KEY] : [];
}

/** This very process wrote it, or an attempt before it of the same workflow run: GitHub never runs two attempts at once. */
export function isLeaseOf(written: WrittenLease, { id, place }: Run): boolean {
  if (written.id === id) return true;
  const [ours, theirs] = [attemptOf(place), attemptOf(written.place)];
  return ours !== null && theirs !== null && ours.run === theirs.run && theirs.attempt < ours.attempt;
}

function attemptOf(place: string): { readonly run: string; readonly attempt: number } | null {
  const [, run, attempt] = /^(.+\/actions\/runs\/\d+)\/attempts\/(\d+)$/.exec(place) ?? [];
  return run === undefined ? null : { run, attempt: Number(attempt) };
}

/**
 * Whose the service is. `free`: nobody's, or of one that is dead: it should have ended even by a clock that is far off, or was
 * watched for a whole term and nobody renewed it. Pure.
 */
export function standing(
  written: WrittenLease | null,
  run: Run,
  { now, unchangedFor }: { readonly now: number; readonly unchangedFor: number },
): 'free' | 'ours' | 'taken' {
  if (written === null) return 'free';
  if (isLeaseOf(written, run)) return written.until !== null && now < written.until ? 'ours' : 'free';
  return isDead(written, now) || unchangedFor > TERM + CLAIM_WAIT ? 'free' : 'taken';
}

/** Beyond doubt, whosever clock is right. Pure. */
export function isDead({ until }: WrittenLease, now: number): boolean {
  return until !== null && now > until + CLOCK_SKEW;
}
