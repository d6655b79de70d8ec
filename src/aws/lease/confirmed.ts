import { SECOND, sleep, type Clock } from '../../core/time/clock.ts';
import type { Lease } from './lease.ts';

const MOST_ATTEMPTS = 3;

/**
 * Confirms the lease. Tries again a second later, at most twice, if `mayPass` says so of the failure.
 * Rejects with the last one.
 */
export async function confirmed(
  lease: Lease,
  clock: Clock,
  mayPass: (error: unknown) => boolean,
): Promise<void> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await lease.confirm();
    } catch (error) {
      if (attempts === MOST_ATTEMPTS || !mayPass(error)) throw error;
    }
    await sleep(clock, SECOND);
  }
}
