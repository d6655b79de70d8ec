import type { Clock, Milliseconds } from '../../src/core/time/clock.ts';

/** The sessions. Other keys are of users and do not expire. */
export interface Sessions {
  begin(length: Milliseconds): SessionKeys;
  readonly hasEnded: (accessKeyId: string) => boolean;
}

export interface SessionKeys {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken: string;
  readonly Expiration: Date;
}

export function createSessions(clock: Pick<Clock, 'now'>): Sessions {
  const ends = new Map<string, number>();
  return {
    begin(length) {
      const number = String(ends.size + 1).padStart(9, '0');
      const keys = {
        AccessKeyId: `ASIASANDBOX${number}`,
        SecretAccessKey: `sandbox-secret-${number}`,
        SessionToken: `sandbox-session-${number}`,
        // The XML contains whole seconds.
        Expiration: new Date(Math.floor((clock.now() + length) / 1000) * 1000),
      };
      ends.set(keys.AccessKeyId, keys.Expiration.getTime());
      return keys;
    },
    hasEnded: (accessKeyId) => clock.now() >= (ends.get(accessKeyId) ?? Infinity),
  };
}
