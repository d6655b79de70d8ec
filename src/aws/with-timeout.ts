import type { Clock, Milliseconds } from '../core/time/clock.ts';

/**
 * A call that is given up after a while: no other try of it begins then, and whoever waits gets a TimeoutError. What has begun may
 * still take effect.
 */
export async function bounded<T>(
  clock: Clock,
  limit: Milliseconds,
  call: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const giveUp = new AbortController();
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const cancel = clock.after(limit, () => {
    giveUp.abort();
    reject(Object.assign(new Error(`no answer within ${limit / 1000} seconds`), { name: 'TimeoutError' }));
  });
  try {
    return await Promise.race([call({ abortSignal: giveUp.signal }), tooLate]);
  } finally {
    cancel();
  }
}
