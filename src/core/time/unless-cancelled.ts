import { once } from 'node:events';
import { UserError } from '../failure.ts';
import { SECOND, sleep, type Clock } from './clock.ts';

export interface Cancellable {
  readonly clock: Clock;
  readonly cancelled: AbortSignal;
}

/** What cancelled work gets to end by itself. A cancelled job has two such times, and five seconds. */
const GRACE = 2 * SECOND;

/**
 * Does `work`, which must not have changed production when it ends. Once the job is cancelled, waits
 * for it only a moment longer: it may be waiting for an answer that never comes. Then rejects with
 * UserError, and the result of `work` is ignored.
 */
export async function unlessCancelled<T>(
  work: () => Promise<T>,
  { clock, cancelled }: Cancellable,
): Promise<T> {
  const error = () => new UserError(`${whyCancelled(cancelled)}.`);
  if (cancelled.aborted) throw error();
  return atMost(work(), { clock, cancelled }, () => {
    throw error();
  });
}

/** Without a full stop. The reason is an internal error, or the name of a signal. */
export function whyCancelled({ reason }: AbortSignal): string {
  return reason instanceof Error
    ? `An internal error of ecs-ramp ended the job (${reason.message})`
    : `The job was cancelled (${String(reason)})`;
}

/** Waits for `work`, but after a cancellation only a moment. Rejects like `work`. */
export async function endSoon(work: Promise<void>, how: Cancellable): Promise<void> {
  await atMost(work, how, () => {});
}

async function atMost<T>(work: Promise<T>, { clock, cancelled }: Cancellable, late: () => T): Promise<T> {
  const ended = new AbortController();
  const grace = async () => {
    if (!cancelled.aborted) await once(cancelled, 'abort', { signal: ended.signal });
    await sleep(clock, GRACE, ended.signal);
    return late();
  };
  const tooLate = grace();
  // The one that is not waited for any more.
  for (const each of [work, tooLate]) each.catch(() => {});
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    ended.abort();
  }
}
