import type { Environment } from '../../core/environment.ts';
import { isObject } from '../../core/is-object.ts';
import { Secret } from '../../core/secrecy/secret.ts';
import { SECOND, sleep, type Clock } from '../../core/time/clock.ts';
import { UserError } from '../../core/failure.ts';

/** GitHub's OIDC endpoint, which issues tokens that identify the job. */
export interface TokenService {
  readonly url: string;
  /** Authorizes this job to request tokens. */
  readonly bearer: Secret;
}

/** `null` when the job has no `permissions: id-token: write`, or does not run on GitHub. */
export function tokenServiceOf(env: Environment): TokenService | null {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = env;
  return url && bearer ? { url, bearer: new Secret(bearer) } : null;
}

/** The audience of the token that the identity provider in the role's account expects. */
export function audienceOf(role: string): string {
  return role.startsWith('arn:aws-cn:') ? 'sts.amazonaws.com.cn' : 'sts.amazonaws.com';
}

/**
 * GitHub did not issue a token. `$fault` is `server` when a retry may succeed, as in errors of AWS.
 */
class NoToken extends Error {
  override readonly name = 'NoToken';
  readonly $fault: 'client' | 'server';

  constructor(message: string, fault: 'client' | 'server', cause?: unknown) {
    super(message, { cause });
    this.$fault = fault;
  }
}

const TRIES = 3;
const PATIENCE = 10 * SECOND;

/** Requests a new token, which is valid for a few minutes. Rejects with UserError. */
export async function requestToken(service: TokenService, audience: string, clock: Clock): Promise<Secret> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await ask(service, audience);
    } catch (error) {
      if (!(error instanceof NoToken)) throw error;
      if (error.$fault === 'client' || tried === TRIES) {
        throw new UserError(`GitHub did not issue a token to assume the role: ${error.message}`, {
          cause: error,
        });
      }
      await sleep(clock, tried * SECOND);
    }
  }
}

async function ask({ url, bearer }: TokenService, audience: string): Promise<Secret> {
  const wanted = new URL(url);
  wanted.searchParams.set('audience', audience);
  let answer: Response;
  let body: unknown;
  try {
    answer = await fetch(wanted, {
      headers: { authorization: `Bearer ${bearer.reveal()}`, accept: 'application/json' },
      signal: AbortSignal.timeout(PATIENCE),
    });
    body = answer.ok ? await answer.json() : await answer.text();
  } catch (error) {
    throw new NoToken(`${wanted.host} did not answer correctly (${String(error)}).`, 'server', error);
  }
  if (typeof body === 'object' && body !== null && 'value' in body && typeof body.value === 'string') {
    return new Secret(body.value);
  }
  const passing = answer.ok || answer.status === 429 || answer.status >= 500;
  throw new NoToken(
    answer.ok ? `${wanted.host} answered without a token.` : `${wanted.host} answered ${answer.status}.`,
    passing ? 'server' : 'client',
  );
}

/** The token's `sub`, which the role's trust policy must allow; `null` when it cannot be read. */
export function subjectOf(token: Secret): string | null {
  return claimOf(token, 'sub');
}

/** The URL of the token service, which a GitHub Enterprise Server has of its own. */
export function issuerOf(token: Secret): string {
  return claimOf(token, 'iss') ?? 'https://token.actions.githubusercontent.com';
}

function claimOf(token: Secret, name: 'sub' | 'iss'): string | null {
  try {
    const claims: unknown = JSON.parse(
      Buffer.from(token.reveal().split('.')[1] ?? '', 'base64url').toString(),
    );
    const value = isObject(claims) ? claims[name] : null;
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}
