// A clock with the real time whose timers fire at once, for code that waits between calls over a
// real network.
import type { Clock } from '../../src/core/time/clock.ts';

export const hurriedClock: Clock = {
  now: () => Date.now(),
  after(_, callback) {
    const timer = setImmediate(callback);
    return () => clearImmediate(timer);
  },
};
