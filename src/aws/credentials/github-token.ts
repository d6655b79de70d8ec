import type { Environment } from '../../core/environment.ts';
import { SECOND, sleep, type Clock } from '../../core/time/clock.ts';
import { UserError } from '../../core/failure.ts';

/** Where a job gets tokens that say which job it is: GitHub's OIDC. */
export interface TokenService {
  readonly url: string;
  /** Lets this job ask, and nobody else. */
  readonly bearer: string;
}

/** Null: the job has no `permissions: id-token: write`, or there is no GitHub. */
export function tokenServiceOf(env: Environment): TokenService | null {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = env;
  return url && bearer ? { url, bearer } : null;
}

/** Whom the token is for, as the identity provider in the role's account has it. */
export function audienceOf(role: string): string {
  return role.startsWith('arn:aws-cn:') ? 'sts.amazonaws.com.cn' : 'sts.amazonaws.com';
}

/** GitHub did not give a token. With `$fault` server it may later, as with errors of AWS. */
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

/** A fresh token, good for minutes only. Rejects with UserError. */
export async function requestToken(service: TokenService, audience: string, clock: Clock): Promise<string> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await ask(service, audience);
    } catch (error) {
      if (!(error instanceof NoToken)) throw error;
      if (error.$fault === 'client' || tried === TRIES) {
        throw new UserError(`GitHub gave no token to assume the role with: ${error.message}`, {
          cause: error,
        });
      }
      await sleep(clock, tried * SECOND);
    }
  }
}

async function ask({ url, bearer }: TokenService, audience: string): Promise<string> {
  const wanted = new URL(url);
  wanted.searchParams.set('audience', audience);
  let answer: Response;
  let body: unknown;
  try {
    answer = await fetch(wanted, {
      headers: { authorization: `Bearer ${bearer}`, accept: 'application/json' },
      signal: AbortSignal.timeout(PATIENCE),
    });
    body = answer.ok ? await answer.json() : await answer.text();
  } catch (error) {
    throw new NoToken(`${wanted.host} did not answer as it should (${String(error)}).`, 'server', error);
  }
  if (typeof body === 'object' && body !== null && 'value' in body && typeof body.value === 'string') {
    return body.value;
  }
  const passing = answer.ok || answer.status === 429 || answer.status >= 500;
  throw new NoToken(
    answer.ok ? `${wanted.host} answered without one.` : `${wanted.host} answered ${answer.status}.`,
    passing ? 'server' : 'client',
  );
}

/** What the token says of the job (its `sub`), which the role's trust policy must allow; null: it cannot be read. */
export function subjectOf(token: string): string | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return typeof claims === 'object' && claims !== null && 'sub' in claims && typeof claims.sub === 'string'
      ? claims.sub
      : null;
  } catch {
    return null;
  }
}
