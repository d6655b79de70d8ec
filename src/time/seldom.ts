import { SECOND, type Clock, type Milliseconds } from './clock.ts';

/**
 * How often that is read which hardly ever changes while ECS's own account of the rollout does not. AWS's limits are the account's:
 * Elastic Load Balancing allows ten calls a second for all jobs together.
 */
export const SELDOM = 15 * SECOND;

/** A read whose answer may stand for a while: made when asked to, when the last answer is too old, and after a failure. */
export function seldom<T>(
  clock: Clock,
  read: () => Promise<T>,
  often: Milliseconds = SELDOM,
): (anew: boolean) => Promise<T> {
  let last: { readonly value: T; readonly at: number } | null = null;
  return async (anew) => {
    if (!anew && last !== null && clock.now() - last.at < often) return last.value;
    last = null;
    const value = await read();
    last = { value, at: clock.now() };
    return value;
  };
}
