import { inUnits } from '../../core/time/duration.ts';
import type { PlanTime } from '../../core/plan/plan-time.ts';
import { MINUTE } from '../../core/time/clock.ts';
import type { Access } from '../../core/access.ts';
import type { Environment } from '../../core/environment.ts';
import { tokenServiceOf } from './github-token.ts';

/** When the credentials expire (milliseconds since 1970). `never`: their provider renews them. */
export type SessionEnd = number | 'never' | 'not told';

/**
 * The end of the session by the environment. Profiles, containers and instances renew their
 * credentials. Keys in variables are not renewed; AWS_CREDENTIAL_EXPIRATION contains their end if
 * it is set.
 */
export function sessionEndOf({ role, chaining }: Access, env: Environment): SessionEnd {
  if (role !== null && !chaining && tokenServiceOf(env) !== null) return 'never';
  if (env['AWS_PROFILE'] || !env['AWS_ACCESS_KEY_ID'] || !env['AWS_SESSION_TOKEN']) return 'never';
  // The output of configure-aws-credentials is in quotes.
  const end = Date.parse(env['AWS_CREDENTIAL_EXPIRATION']?.replaceAll('"', '') ?? '');
  return Number.isNaN(end) ? 'not told' : end;
}

export interface SessionTooShort {
  /** Whether even the shortest rollout ends after the session. */
  readonly certain: boolean;
  readonly inWords: string;
}

/** The default of configure-aws-credentials. */
const USUAL_SESSION = 60 * MINUTE;

/**
 * Checks whether a rollout that starts now may end after the session. `null` when it does not, or
 * when nothing indicates it.
 */
export function sessionTooShort(
  end: SessionEnd,
  { least, longest }: PlanTime,
  now: number,
): SessionTooShort | null {
  if (end === 'never') return null;
  const plan = `the rollout takes at least ${inMinutes(least)} and at most ${inMinutes(longest)}`;
  if (end === 'not told') {
    if (least <= USUAL_SESSION) return null;
    return {
      certain: false,
      inWords: `The end of the session of these credentials is not known, and ${plan}: a session lasts 1h by default. ${SESSION_FIX}`,
    };
  }
  if (now + longest <= end) return null;
  const certain = now + least > end;
  const left = end > now ? `ends in ${inMinutes(end - now)}, at ${hour(end)}` : `ended at ${hour(end)}`;
  const missed = certain
    ? 'the rollout cannot end in time'
    : 'the rollout may not end in time and is then rolled back';
  return {
    certain,
    inWords: `The session of these credentials ${left}, and ${plan}: ${missed}. ${SESSION_FIX}`,
  };
}

export const SESSION_FIX =
  'Set role-to-assume so that ecs-ramp renews the session itself; or set a longer role-duration-seconds for configure-aws-credentials and a maximum session duration for the role that is at least as long.';

/** UTC, `14:05 UTC`. */
function hour(at: number): string {
  return `${new Date(at).toISOString().slice(11, 16)} UTC`;
}

function inMinutes(length: number): string {
  return inUnits(Math.ceil(length / MINUTE) * MINUTE).replace(/^0s$/, '0m');
}
