import { MINUTE, SECOND, type Clock } from '../../core/time/clock.ts';
import type { RoleSession } from './session.ts';

/** The SDK's clients also request new credentials this long before the end. */
const AHEAD = 5 * MINUTE;
/** Delay after a failed renewal, while the session is still valid. */
const PAUSE = 30 * SECOND;

/**
 * One session for all clients. It starts on first use and is renewed before it ends. If a renewal
 * fails, the present session is used until it ends.
 */
export function renewed(
  begin: () => Promise<RoleSession>,
  clock: Pick<Clock, 'now'>,
): () => Promise<RoleSession> {
  let session: RoleSession | null = null;
  let renewAt = -Infinity;
  let beginning: Promise<void> | null = null;

  async function renew(): Promise<void> {
    try {
      session = await begin();
      const end = session.expiration?.getTime() ?? Infinity;
      renewAt = end - Math.min(AHEAD, (end - clock.now()) / 3);
    } catch (error) {
      const end = session?.expiration?.getTime() ?? -Infinity;
      if (clock.now() >= end) throw error;
      renewAt = Math.min(end, clock.now() + PAUSE);
    } finally {
      beginning = null;
    }
  }

  return async () => {
    if (clock.now() >= renewAt) await (beginning ??= renew());
    return session!;
  };
}
