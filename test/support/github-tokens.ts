// A server for GitHub's OIDC tokens, for one job.
import { once } from 'node:events';
import { createServer } from 'node:http';

export interface GitHubTokens {
  /** Environment variables of a job with `permissions: id-token: write`. */
  readonly environment: Readonly<Record<string, string>>;
  /** The tokens issued so far. */
  readonly given: readonly string[];
  /** Answers the next requests with these statuses. */
  failWith(...statuses: readonly number[]): void;
  close(): Promise<void>;
}

const BEARER = 'bearer-of-the-job';

/** Tokens have a subject and expire after five minutes, as GitHub's do. They are not signed. */
export async function startGitHubTokens(
  claims: Readonly<Record<string, unknown>> = {},
  now: () => number = Date.now,
): Promise<GitHubTokens> {
  const given: string[] = [];
  let failures: readonly number[] = [];
  const server = createServer((request, response) => {
    const audience = new URL(request.url ?? '/', 'http://github').searchParams.get('audience');
    const [failure, ...later] = failures;
    failures = later;
    const status = request.headers.authorization === `Bearer ${BEARER}` ? (failure ?? 200) : 401;
    if (status !== 200) return response.writeHead(status).end('no');
    const issuedAt = Math.floor(now() / 1000);
    const payload = {
      iss: 'https://token.actions.githubusercontent.com',
      aud: audience,
      sub: 'repo:example/shop:environment:production',
      iat: issuedAt,
      exp: issuedAt + 300,
      jti: given.length,
      ...claims,
    };
    const token = [{ alg: 'none' }, payload, 'unsigned']
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    given.push(token);
    return response.writeHead(200, { 'content-type': 'application/json' }).end(`{"value":"${token}"}`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    environment: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${address.port}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: BEARER,
    },
    given,
    failWith(...statuses) {
      failures = statuses;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
