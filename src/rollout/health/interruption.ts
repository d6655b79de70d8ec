import type { ArmName } from '../../judge/recording.ts';
import type { Milliseconds } from '../../core/time/clock.ts';

/** A time in which an arm lacked tasks that were taken from it. */
export interface Interruption {
  readonly arm: ArmName;
  /** Who or what took the tasks; completes "taken by ...". */
  readonly by: string;
  /** How many tasks were taken. */
  readonly tasks: number;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** When the arm had all of its tasks again; `null` while it has not. */
  readonly until: number | null;
}

/** How messages name the revision of an arm, after "the". */
export const REVISION_OF: Readonly<Record<ArmName, string>> = {
  canary: 'new revision',
  stable: 'old revision',
};

/** The interruption that has not ended; `null` when there is none. Pure. */
export function openInterruption(interruptions: readonly Interruption[], arm?: ArmName): Interruption | null {
  return interruptions.find((each) => each.until === null && (arm === undefined || each.arm === arm)) ?? null;
}

/** How much of the time between `from` and `now` was interrupted. Pure. */
export function lostTime(interruptions: readonly Interruption[], from: number, now: number): Milliseconds {
  let lost = 0;
  let counted = from;
  for (const { since, until } of interruptions.toSorted((a, b) => a.since - b.since)) {
    const end = Math.min(until ?? now, now);
    const begin = Math.max(since, counted);
    if (end <= begin) continue;
    lost += end - begin;
    counted = end;
  }
  return lost;
}
