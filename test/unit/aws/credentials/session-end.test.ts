import { describe, expect, test } from '@jest/globals';
import { sessionEndOf, sessionTooShort } from '../../../../src/aws/credentials/session-end.ts';
import { HOUR, MINUTE } from '../../../../src/core/time/clock.ts';

const asItIs = { region: 'eu-west-1', role: null, chaining: false };
const assumed = { ...asItIs, role: 'arn:aws:iam::123456789012:role/release' };
const keys = { AWS_ACCESS_KEY_ID: 'ASIA1', AWS_SECRET_ACCESS_KEY: 's', AWS_SESSION_TOKEN: 't' };
const github = { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'b' };
const AT = Date.UTC(2026, 10, 21, 14, 30);

describe('the end of a session', () => {
  test.each(['2026-11-21T14:30:00Z', '"2026-11-21T14:30:00.000Z"', '2026-11-21T14:30:00+00:00'])(
    'is told by the environment as %s',
    (AWS_CREDENTIAL_EXPIRATION) => {
      expect(sessionEndOf(asItIs, { ...keys, AWS_CREDENTIAL_EXPIRATION })).toBe(AT);
    },
  );

  test('is not told with the keys alone, or by what is no time', () => {
    expect(sessionEndOf(asItIs, keys)).toBe('not told');
    expect(sessionEndOf(asItIs, { ...keys, AWS_CREDENTIAL_EXPIRATION: 'soon' })).toBe('not told');
  });

  test('does not come for a user’s own keys, nor where a profile, a container or an instance renews them', () => {
    expect(sessionEndOf(asItIs, { AWS_ACCESS_KEY_ID: 'AKIA1', AWS_SECRET_ACCESS_KEY: 's' })).toBe('never');
    expect(sessionEndOf(asItIs, { ...keys, AWS_PROFILE: 'release' })).toBe('never');
    expect(sessionEndOf(asItIs, {})).toBe('never');
  });

  test('does not come for a role that is assumed with GitHub’s tokens, and is the base’s for one that is chained', () => {
    const env = { ...keys, ...github, AWS_CREDENTIAL_EXPIRATION: '2026-11-21T14:30:00Z' };
    expect(sessionEndOf(assumed, env)).toBe('never');
    expect(sessionEndOf({ ...assumed, chaining: true }, env)).toBe(AT);
    expect(sessionEndOf(asItIs, env)).toBe(AT);
  });
});

describe('a session against the plan', () => {
  const plan = { least: 30 * MINUTE, longest: 3 * HOUR };

  test('that cannot outlast it says so with the numbers and the fix', () => {
    expect(sessionTooShort(AT, plan, AT - 29 * MINUTE)).toEqual({
      certain: true,
      inWords: expect.stringMatching(
        /ends in 29m, at 14:30 UTC, and the rollout takes at least 30m and at most 3h: the rollout cannot end in time\. .*role-to-assume.*role-duration-seconds/,
      ),
    });
    expect(sessionTooShort(AT, plan, AT + 1)).toMatchObject({ certain: true });
  });

  test('that may not outlast it is a warning, and one that does is none', () => {
    expect(sessionTooShort(AT, plan, AT - 30 * MINUTE)).toMatchObject({ certain: false });
    expect(sessionTooShort(AT, plan, AT - 3 * HOUR)).toBeNull();
    expect(sessionTooShort('never', plan, AT)).toBeNull();
  });

  test('of unknown length is only remarked where the usual hour cannot be enough', () => {
    expect(sessionTooShort('not told', plan, AT)).toBeNull();
    expect(sessionTooShort('not told', { ...plan, least: 2 * HOUR }, AT)).toMatchObject({ certain: false });
  });
});
