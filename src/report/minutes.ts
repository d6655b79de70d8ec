import type { ArmName, Counts, Minute } from '../judge/recording.ts';

export interface Sum {
  readonly requests: number;
  readonly errors: number;
  /** Requests slower than each threshold, in the minutes that have this count. */
  readonly slow: readonly number[];
  /** All requests in those minutes. */
  readonly timed: number;
}

/** The sum over all minutes of an arm. */
export function sumOf(minutes: readonly Minute[], arm: ArmName): Sum {
  const counts = countsOf(minutes, arm);
  const timed = counts.filter((counts) => counts.slow !== undefined);
  const thresholds = Math.max(0, ...timed.map(({ slow = [] }) => slow.length));
  return {
    requests: total(counts, ({ requests }) => requests),
    errors: total(counts, ({ errors = 0 }) => errors),
    slow: Array.from({ length: thresholds }, (_, index) => total(timed, ({ slow = [] }) => slow[index] ?? 0)),
    timed: total(timed, ({ requests }) => requests),
  };
}

/** The counts of the minutes in which the arm had requests. */
export function countsOf(minutes: readonly Minute[], arm: ArmName): Counts[] {
  return minutes
    .map((minute) => minute[arm])
    .filter((counts): counts is Counts => counts !== undefined && counts.requests > 0);
}

export function wasAsked(minute: Minute, arm: ArmName): boolean {
  return (minute[arm]?.requests ?? 0) > 0;
}

function total<T>(items: readonly T[], amount: (item: T) => number): number {
  return items.reduce((sum, item) => sum + amount(item), 0);
}
