/**
 * The source of time. Everything that waits or records a time takes a clock, so that tests and
 * simulations can control time.
 */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** Calls back once after `delay` milliseconds unless cancelled by the returned function. */
  after(delay: Milliseconds, callback: () => void): () => void;
}

/**
 * All durations in the code are in milliseconds. Minutes and seconds of AWS are converted where AWS
 * is called.
 */
export type Milliseconds = number;

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delay, callback) {
    const timer = setTimeout(callback, delay);
    return () => clearTimeout(timer);
  },
};

/**
 * Resolves after `delay` milliseconds, or at once when `signal` is aborted. The caller checks the
 * signal.
 */
export function sleep(clock: Clock, delay: Milliseconds, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(delay, done);
    signal?.addEventListener('abort', done, { once: true });
  });
}
