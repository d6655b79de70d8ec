// A clock that moves only when a test advances it.
import type { Clock, Milliseconds } from '../../src/core/time/clock.ts';

export interface VirtualClock extends Clock {
  /**
   * Moves time forward and calls the timers that are due, in order of time, then of creation. This
   * includes timers that are created on the way. Promises settle between two calls.
   */
  advance(by: Milliseconds): Promise<void>;
}

/** @param settled resolves when all work at the current time is done. */
export function createVirtualClock(
  start = Date.UTC(2026, 10, 21, 12),
  settled: () => Promise<void> = immediate,
): VirtualClock {
  let now = start;
  const waiting = new Set<{ readonly due: number; readonly callback: () => void }>();

  return {
    now: () => now,

    after(delay, callback) {
      const timer = { due: now + Math.max(0, delay), callback };
      waiting.add(timer);
      return () => waiting.delete(timer);
    },

    async advance(by) {
      const end = now + by;
      for (;;) {
        await settled();
        // A Set keeps the order of creation: with `<`, the oldest of simultaneous timers wins.
        let next: { readonly due: number; readonly callback: () => void } | null = null;
        for (const timer of waiting) if (timer.due <= end && (!next || timer.due < next.due)) next = timer;
        if (!next) break;
        waiting.delete(next);
        now = next.due;
        next.callback();
      }
      now = end;
    },
  };
}

/** Resolves after all pending microtasks. */
export const immediate = (): Promise<void> => new Promise<void>((resolve) => void setImmediate(resolve));

/** The same without a turn of the event loop. Only for work that consists of promises. */
export const microtasks = (): Promise<void> => new Promise<void>((resolve) => process.nextTick(resolve));
