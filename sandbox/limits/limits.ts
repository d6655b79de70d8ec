import { SECOND, type Clock } from '../../src/core/time/clock.ts';
import type { Caller, Service } from '../wire/service.ts';
import { PUBLISHED, type Bucket } from './published.ts';

/** The API limits of an account in a region. */
export interface Limits {
  /** Takes the tokens for a call. False when there are too few, so that the call is throttled. */
  admits(call: LimitedCall): boolean;
}

export interface LimitedCall {
  readonly service: Service['name'];
  readonly operation: string;
  readonly caller: Caller;
}

export const NO_LIMITS: Limits = { admits: () => true };

/**
 * Token buckets as AWS describes them: full at the start, refilled every second up to their size.
 */
export function createLimits(clock: Clock, buckets: readonly Bucket[] = PUBLISHED): Limits {
  const levels = new Map<string, Level>();

  function levelOf(bucket: Bucket, { account, region }: Caller): Level {
    const key = `${account} ${region} ${bucket.service} ${bucket.name}`;
    const second = Math.floor(clock.now() / SECOND);
    const before = levels.get(key) ?? { tokens: bucket.burst, second };
    const tokens = Math.min(bucket.burst, before.tokens + (second - before.second) * bucket.perSecond);
    const level = { tokens, second };
    levels.set(key, level);
    return level;
  }

  return {
    admits({ service, operation, caller }) {
      const needed = buckets
        .filter((bucket) => bucket.service === service)
        .filter(({ operations }) => operations === null || operations.includes(operation))
        .map((bucket) => levelOf(bucket, caller));
      if (needed.some(({ tokens }) => tokens < 1)) return false;
      for (const level of needed) level.tokens -= 1;
      return true;
    },
  };
}

interface Level {
  tokens: number;
  second: number;
}
