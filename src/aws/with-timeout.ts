import { UserError } from '../core/failure.ts';
import type { Clock, Milliseconds } from '../core/time/clock.ts';

/**
 * A call that is given up after a while: no other try of it begins then, and whoever waits gets a UserError. What has begun may
 * still take effect.
 */
export async function withTimeout<T>(
  clock: Clock,
  limit: Milliseconds,
  call: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const giveUp = new AbortController();
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const cancel = clock.after(limit, () => {
    giveUp.abort();
    const message = `AWS gave no answer within ${limit / 1000} seconds.`;
    reject(new UserError(message, { cause: Object.assign(new Error(message), { name: 'TimeoutError' }) }));
  });
  try {
    return await Promise.race([call({ abortSignal: giveUp.signal }), tooLate]);
  } finally {
    cancel();
  }
}
