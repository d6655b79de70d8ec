import type { Clock } from '../../src/core/time/clock.ts';

/**
 * Gives the whole process the clock's time and this chance, so that libraries which ask the platform (the SDK's retries and rate
 * limiter) live in virtual time too. Returns how to give the platform's own back.
 */
export function borrowPlatform(clock: Clock, random: () => number): () => void {
  const { setTimeout, clearTimeout } = globalThis;
  const own = { now: Date.now, random: Math.random };
  const cancels = new WeakMap<object, () => void>();
  // A whole millisecond at least, as Node has it: who waits for less again and again would wait for ever.
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
