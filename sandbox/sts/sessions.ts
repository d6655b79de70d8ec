import type { Clock, Milliseconds } from '../../src/core/time/clock.ts';
import { sandboxPrincipal } from '../wire/wire.ts';

/** The sessions. Other keys are of users and do not expire. */
export interface Sessions {
  begin(user: SessionUser, length: Milliseconds): SessionKeys;
  /** Who the keys of a session are of; `null` for other keys. */
  userOf(accessKeyId: string): SessionUser | null;
  readonly hasEnded: (accessKeyId: string) => boolean;
}

export interface SessionUser {
  readonly account: string;
  readonly arn: string;
  readonly id: string;
}

/** Whose keys those without a session are. */
export const sandboxUser = (account: string): SessionUser => ({
  account,
  arn: sandboxPrincipal(account),
  id: 'AROASANDBOXSANDBOXSAN:session',
});

export interface SessionKeys {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken: string;
  readonly Expiration: Date;
}

export function createSessions(clock: Pick<Clock, 'now'>): Sessions {
  const begun = new Map<string, { readonly user: SessionUser; readonly end: number }>();
  return {
    begin(user, length) {
      const number = String(begun.size + 1).padStart(9, '0');
      const keys = {
        AccessKeyId: `ASIASANDBOX${number}`,
        SecretAccessKey: `sandbox-secret-${number}`,
        SessionToken: `sandbox-session-${number}`,
        // The XML contains whole seconds.
        Expiration: new Date(Math.floor((clock.now() + length) / 1000) * 1000),
      };
      begun.set(keys.AccessKeyId, { user, end: keys.Expiration.getTime() });
      return keys;
    },
    userOf: (accessKeyId) => begun.get(accessKeyId)?.user ?? null,
    hasEnded: (accessKeyId) => clock.now() >= (begun.get(accessKeyId)?.end ?? Infinity),
  };
}
