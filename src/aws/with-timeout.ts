import { quantity } from '../core/quantity.ts';
import { UserError } from '../core/failure.ts';
import type { Clock, Milliseconds } from '../core/time/clock.ts';

/**
 * Limits the time of a call: after `limit` it rejects with UserError and makes no further attempt.
 * An attempt that has started may still take effect.
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
    const message = `AWS did not answer within ${quantity(limit / 1000, 'second')}.`;
    reject(new UserError(message, { cause: Object.assign(new Error(message), { name: 'TimeoutError' }) }));
  });
  try {
    return await Promise.race([call({ abortSignal: giveUp.signal }), tooLate]);
  } finally {
    cancel();
  }
}
