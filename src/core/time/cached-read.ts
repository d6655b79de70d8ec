import { SECOND, type Clock, type Milliseconds } from './clock.ts';

/**
 * How often values are read that rarely change while the deployment in ECS does not. AWS limits
 * apply to the account: Elastic Load Balancing allows ten calls per second for all jobs together.
 */
export const CACHE_TIME = 15 * SECOND;

/** The longest time that a read which may be cached delays an observation. */
const IMPATIENCE = 2 * SECOND;

/**
 * A cached answer is used for at most this many times the usual interval, and this many times a
 * longer one.
 */
const BELIEVED = 6;
const BELIEVED_LONGER = 2;

export interface CachedReadOptions {
  readonly often?: Milliseconds;
  /**
   * Whether a failure may be temporary, so that the last answer can be used meanwhile. Default:
   * never.
   */
  readonly mayPass?: (error: unknown) => boolean;
}

/**
 * A read with a cache. With `anew`, it reads now and its failure is never hidden by an old answer.
 * Otherwise, it reads when the last answer is older than `often`; while the new read is slow or
 * fails temporarily, the last answer is used for a limited time. The longer AWS takes to answer,
 * the less often it is called.
 */
export function cachedRead<T>(
  clock: Clock,
  read: () => Promise<T>,
  { often: usual = CACHE_TIME, mayPass = () => false }: CachedReadOptions = {},
): (anew: boolean, often?: Milliseconds) => Promise<T> {
  let last: { readonly value: T; readonly since: number } | null = null;
  let underWay: Promise<T> | null = null;
  let tried = -Infinity;
  let stretch = 1;

  async function ask(): Promise<T> {
    const since = clock.now();
    try {
      const value = await read();
      // A later call may have answered earlier.
      if (last === null || last.since <= since) last = { value, since };
      return value;
    } finally {
      tried = since;
      stretch = stretchedBy(clock.now() - since, stretch);
    }
  }

  return async (anew, often = usual) => {
    if (anew) {
      last = null;
      return ask();
    }
    const before = last;
    const believed = Math.max(BELIEVED * usual, BELIEVED_LONGER * often);
    const stands = before !== null && clock.now() - before.since < believed;
    if (stands && clock.now() - tried < often * stretch) return before.value;
    underWay ??= ask().finally(() => (underWay = null));
    if (!stands) return underWay;
    const answered = underWay.catch((error: unknown) => {
      if (mayPass(error)) return before.value;
      throw error;
    });
    const { promise: late, resolve } = Promise.withResolvers<T>();
    const cancel = clock.after(IMPATIENCE, () => resolve(before.value));
    return Promise.race([answered, late]).finally(cancel);
  };
}

const MOST = 4;
const CALMS_DOWN = 0.8;

/**
 * The factor for the interval after an answer that took `took`: at most twice the factor before,
 * and at most four. The SDK waits between attempts when AWS throttles, so a slow answer is a sign
 * of throttling. Pure.
 */
export function stretchedBy(took: Milliseconds, before: number): number {
  return Math.max(Math.min(MOST, 2 * before, 1 + took / SECOND), 1 + (before - 1) * CALMS_DOWN);
}
