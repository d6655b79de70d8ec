import { SECOND, type Clock, type Milliseconds } from './clock.ts';

/**
 * How often that is read which hardly ever changes while ECS's own account of the rollout does not. AWS's limits are the account's:
 * Elastic Load Balancing allows ten calls a second for all jobs together.
 */
export const CACHE_TIME = 15 * SECOND;

/** For so long a read that was not asked to be made anew may hold up the look that it belongs to. */
const IMPATIENCE = 2 * SECOND;

/** An answer is not believed for longer than so many times the usual time between two of them. */
const BELIEVED = 6;

export interface CachedReadOptions {
  readonly often?: Milliseconds;
  /** Whether a failure may pass by itself, so that the last answer may stand for it meanwhile; else it never may. */
  readonly mayPass?: (error: unknown) => boolean;
}

/**
 * A read whose answer may stand for a while. Asked `anew` it is made now, and nothing old stands for its failure. Otherwise it is
 * made when the last answer has stood for `often`, and the last answer stands while the new one takes long, or fails in passing:
 * but only for so long. The longer AWS takes for an answer, the more seldom it is asked.
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
      // One that was asked later may have answered earlier.
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
    const stands = before !== null && clock.now() - before.since < BELIEVED * often;
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
 * How much more seldom than usual to ask, after an answer that took `took`: twice as seldom as before at most, and up to four times.
 * Whoever is throttled waits between its tries, so that a slow answer tells of it wherever it came from. Pure.
 */
export function stretchedBy(took: Milliseconds, before: number): number {
  return Math.max(Math.min(MOST, 2 * before, 1 + took / SECOND), 1 + (before - 1) * CALMS_DOWN);
}
