import type { Secret } from '../../src/core/secrecy/secret.ts';

/** A login with its password as text, to be compared: to Jest, all secrets are equal. */
export function revealed(
  login: { readonly username: string | null; readonly password: Secret | null } | null,
) {
  return login && { ...login, password: login.password?.reveal() ?? null };
}
