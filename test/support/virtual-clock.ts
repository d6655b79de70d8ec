import type { Clock, Milliseconds } from '../../src/core/time/clock.ts';

/** A clock that moves only when told to. */
export interface VirtualClock extends Clock {
  /**
   * Moves time on, calling what falls due in order of time (then of asking), also what is asked for on the way. Promises
   * settle between one call and the next, as they would in real time.
   */
  advance(by: Milliseconds): Promise<void>;
}

/** @param settled resolves when nothing is left to do at this time. */
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
        // A Set keeps the order of asking, so `<` lets the first of several at the same time win.
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

/** Immediates run after every microtask that is due, however long the chain. */
export const immediate = (): Promise<void> => new Promise<void>((resolve) => void setImmediate(resolve));

/** The same where only promises are at work, without a turn of the event loop. */
export const microtasks = (): Promise<void> => new Promise<void>((resolve) => process.nextTick(resolve));
