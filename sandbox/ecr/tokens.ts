import { randomBytes } from 'node:crypto';
import { HOUR } from '../../src/core/time/clock.ts';
import type { Clock } from '../../src/core/time/clock.ts';
import { unauthorized } from '../registry/registry.ts';
import type { Denial } from '../registry/registry.ts';

const LIFETIME = 12 * HOUR;

/** ECR's logins: user AWS, and a password that is valid for twelve hours. */
export interface Tokens {
  issue(): { readonly user: 'AWS'; readonly password: string; readonly expiresAt: Date };
  check(user: string, password: string): Denial | null;
}

export function createTokens(clock: Clock): Tokens {
  const expiries = new Map<string, number>();
  return {
    issue() {
      const password = randomBytes(32).toString('base64url');
      const expiresAt = clock.now() + LIFETIME;
      expiries.set(password, expiresAt);
      return { user: 'AWS', password, expiresAt: new Date(expiresAt) };
    },
    check(user, password) {
      const expiry = user === 'AWS' ? expiries.get(password) : undefined;
      if (expiry === undefined) return unauthorized;
      return clock.now() < expiry ? null : expired;
    },
  };
}

const expired: Denial = {
  status: 403,
  code: 'DENIED',
  message: 'Your authorization token has expired. Reauthenticate and try again.',
};
