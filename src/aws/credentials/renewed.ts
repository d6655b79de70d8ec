import { MINUTE, SECOND, type Clock } from '../../core/time/clock.ts';
import type { RoleSession } from './session.ts';

/** The SDK's clients ask again this long before the end too. */
const AHEAD = 5 * MINUTE;
/** After a renewal that failed, while the session still lasts. */
const PAUSE = 30 * SECOND;

/**
 * One session for all clients, begun when it is first needed and renewed before it ends. Where the renewal fails, the session is
 * used as long as it lasts.
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
