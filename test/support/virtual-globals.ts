// Replaces the process's timers, Date.now and Math.random, so that libraries (the SDK's retries and
// rate limiter) run on a virtual clock too.
import type { Clock } from '../../src/core/time/clock.ts';

/** Returns a function that restores the original globals. */
export function useVirtualGlobals(clock: Clock, random: () => number): () => void {
  const { setTimeout, clearTimeout } = globalThis;
  const own = { now: Date.now, random: Math.random };
  const cancels = new WeakMap<object, () => void>();
  // At least one millisecond, as in Node. Otherwise a loop of shorter waits would never end.
  const later = (callback: (...parameters: unknown[]) => void, delay = 0, ...parameters: unknown[]) => {
    const timer = { ref: () => timer, unref: () => timer, hasRef: () => true };
    cancels.set(
      timer,
      clock.after(Math.max(1, Math.floor(delay)), () => callback(...parameters)),
    );
    return timer;
  };
  const never = (timer: unknown) => {
    if (typeof timer === 'object' && timer !== null) cancels.get(timer)?.();
  };
  Object.assign(globalThis, { setTimeout: later, clearTimeout: never });
  Date.now = () => Math.floor(clock.now());
  Math.random = random;
  return () => {
    Object.assign(globalThis, { setTimeout, clearTimeout });
    Date.now = own.now;
    Math.random = own.random;
  };
}
