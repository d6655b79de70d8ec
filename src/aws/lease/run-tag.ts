import type { Tag } from '@aws-sdk/client-ecs';
import { SECOND } from '../../core/time/clock.ts';
import { CLAIM_WAIT, CLOCK_SKEW, TERM } from './times.ts';
import type { Run } from '../../core/run.ts';

/** The key of the run tag. Its value: end of the lease, id of the process, URL of the run, job. */
const KEY = 'ecs-ramp:lease';
const LONGEST_VALUE = 256;

/** The content of a run tag. */
export interface WrittenLease {
  readonly text: string;
  /** End of the lease by the writer's clock; `null` when the tag was edited by hand. */
  readonly until: number | null;
  readonly id: string | null;
  /** Words for the run: its URL and its job. */
  readonly inWords: string;
  readonly place: string;
}

/**
 * `2026-11-21T12:03:00Z 3f9a2c11d0 https://github.com/acme/shop/actions/runs/1234/attempts/1
 * deploy`
 */
export function tagFor({ id, place, job }: Run, until: number): Tag {
  const moment = new Date(Math.floor(until / SECOND) * SECOND).toISOString().replace('.000', '');
  // Only characters that a tag allows, and no space, which separates the words.
  const words = [place, job].flatMap((word) =>
    word === null ? [] : [word.replaceAll(/[^\w+=.:/@-]/g, '_')],
  );
  return { key: KEY, value: [moment, id, ...words].join(' ').slice(0, LONGEST_VALUE) };
}

/** `null` when the service has no run tag. */
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

/**
 * The key to remove, unless the tag is of another run. `tags` may be older than this run's own
 * write.
 */
export function leaseKeys(tags: readonly Tag[], run: Run): string[] {
  const written = writtenIn(tags);
  return written === null || isLeaseOf(written, run) ? [KEY] : [];
}

/**
 * Whether this process or an earlier attempt of the same workflow run wrote it: GitHub never runs
 * two attempts at once.
 */
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
 * Who holds the service. `free`: no run, or a dead run: its lease has ended by any clock within
 * CLOCK_SKEW, or was not renewed for a whole term. Pure.
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

/** Whether the lease has ended, also if the clocks differ by CLOCK_SKEW. Pure. */
export function isDead({ until }: WrittenLease, now: number): boolean {
  return until !== null && now > until + CLOCK_SKEW;
}
