import { inUnits } from '../../core/time/duration.ts';
import type { PlanTime } from '../../core/plan/plan-time.ts';
import { MINUTE } from '../../core/time/clock.ts';
import type { Access } from '../../core/access.ts';
import type { Environment } from '../../core/environment.ts';
import { tokenServiceOf } from './github-token.ts';

/** When the credentials stop working (milliseconds since 1970). `never`: whoever gives them renews them. */
export type SessionEnd = number | 'never' | 'not told';

/**
 * What the environment says of the end. Profiles, containers and instances renew what they give; keys in variables are what they
 * are, and AWS_CREDENTIAL_EXPIRATION tells their end where somebody sets it.
 */
export function sessionEndOf({ role, chaining }: Access, env: Environment): SessionEnd {
  if (role !== null && !chaining && tokenServiceOf(env) !== null) return 'never';
  if (env['AWS_PROFILE'] || !env['AWS_ACCESS_KEY_ID'] || !env['AWS_SESSION_TOKEN']) return 'never';
  // As an output of configure-aws-credentials it is in quotes.
  const end = Date.parse(env['AWS_CREDENTIAL_EXPIRATION']?.replaceAll('"', '') ?? '');
  return Number.isNaN(end) ? 'not told' : end;
}

export interface SessionTooShort {
  /** True: the rollout cannot end in time, however good the release is. */
  readonly certain: boolean;
  readonly inWords: string;
}

/** What configure-aws-credentials asks for when it is not told. */
const USUAL_SESSION = 60 * MINUTE;

/** Whether a rollout that begins now outlasts the session; null: it does not, or nothing is known that says so. */
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
      inWords: `Nothing tells when the session of these credentials ends, and ${plan}: a session lasts 1h if nothing else was asked for. ${SESSION_FIX}`,
    };
  }
  if (now + longest <= end) return null;
  const certain = now + least > end;
  const left = end > now ? `in ${inMinutes(end - now)}, at ${hour(end)}` : `at ${hour(end)}, it is over`;
  const missed = certain ? 'it cannot end in time' : 'it may not end in time, and is then rolled back';
  return {
    certain,
    inWords: `The session of these credentials ends ${left}, and ${plan}: ${missed}. ${SESSION_FIX}`,
  };
}

export const SESSION_FIX =
  'Give role-to-assume, and ecs-ramp renews the session itself; or give configure-aws-credentials a longer role-duration-seconds, and the role a maximum session duration as long.';

/** UTC, `14:05 UTC`. */
function hour(at: number): string {
  return `${new Date(at).toISOString().slice(11, 16)} UTC`;
}

function inMinutes(length: number): string {
  return inUnits(Math.ceil(length / MINUTE) * MINUTE).replace(/^0s$/, '0m');
}
