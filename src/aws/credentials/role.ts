import type { Environment } from '../../core/environment.ts';
import type { Clock } from '../../core/time/clock.ts';
import { audienceOf, requestToken, tokenServiceOf } from './github-token.ts';
import { notAssumed } from './not-assumed.ts';
import type { RoleSession } from './session.ts';
import type { RoleToAssume } from './role-to-assume.ts';

export interface RoleContext {
  readonly env: Environment;
  readonly clock: Clock;
  /** Hides a secret in everything that is printed. */
  readonly mask: (secret: string) => void;
  /** Options of every AWS client: region, attempts, transport. */
  readonly clientConfig: { readonly region: string };
}

/**
 * The returned function starts a new session of the role, of AWS's default length of one hour. It
 * rejects with UserError.
 */
export function assumeRole(asked: RoleToAssume, surroundings: RoleContext): () => Promise<RoleSession> {
  const { env, mask } = surroundings;
  const service = asked.chaining ? null : tokenServiceOf(env);
  const roleSessionName = `ecs-ramp-${env['GITHUB_RUN_ID'] || 'by-hand'}`;
  const clientConfig = { ...surroundings.clientConfig };

  async function withToken(): Promise<RoleSession> {
    const token = await requestToken(service!, audienceOf(asked.role), surroundings.clock);
    mask(token.reveal());
    const { fromWebToken } = await import('../sdk/credential-providers.ts');
    const begin = fromWebToken({
      roleArn: asked.role,
      roleSessionName,
      webIdentityToken: token.reveal(),
      clientConfig,
    });
    return begin().catch((error: unknown) => {
      throw notAssumed(error, { ...asked, token, env });
    });
  }

  async function withCredentials(): Promise<RoleSession> {
    const { fromTemporaryCredentials } = await import('../sdk/credential-providers.ts');
    const begin = fromTemporaryCredentials({
      params: { RoleArn: asked.role, RoleSessionName: roleSessionName },
      clientConfig,
    });
    return begin().catch((error: unknown) => {
      throw notAssumed(error, { ...asked, token: null, env });
    });
  }

  return async () => {
    const session = await (service === null ? withCredentials() : withToken());
    mask(session.secretAccessKey);
    if (session.sessionToken) mask(session.sessionToken);
    return session;
  };
}
