import type { Clock } from '../../src/core/time/clock.ts';

/** Real time, of which nothing is waited for: for what waits between calls over a real network. */
export const hurriedClock: Clock = {
  now: () => Date.now(),
  after(_, callback) {
    const timer = setImmediate(callback);
    return () => clearImmediate(timer);
  },
};
