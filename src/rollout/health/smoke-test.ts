import http from 'node:http';
import https from 'node:https';
import type { RolloutRequest, SmokeTest } from '../../core/request.ts';
import { errorText } from '../../core/failure.ts';
import { SECOND } from '../../core/time/clock.ts';
import type { SmokeTested } from '../../core/trail/event.ts';
import { NO_TEST_LISTENER, type Routing } from '../traffic/service-facts.ts';

/** Users do not wait longer than this. */
const ANSWER_WITHIN = 10 * SECOND;

export interface SmokeTestPlace {
  /** Scheme, host and port of the test listener. */
  readonly url: string;
  /** The Host header that the test rule requires; `null` for that of the URL. */
  readonly host: string | null;
  /** The name that the certificate must be valid for; `null` for the host of the URL. */
  readonly serverName: string | null;
  /** Other headers that the test rule requires. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The address of the new revision before it has production traffic; `null` when there is none. */
export function smokeTestPlace(
  { smokeTestUrl }: Pick<RolloutRequest, 'smokeTestUrl'>,
  routing: Routing,
): SmokeTestPlace | null {
  const { testUrl, testHost, testServerName, testHeaders } =
    routing.kind === 'two-groups' ? routing : NO_TEST_LISTENER;
  if (smokeTestUrl !== null) return { url: smokeTestUrl, host: null, serverName: null, headers: testHeaders };
  if (testUrl === null) return null;
  return { url: testUrl, host: testHost, serverName: testServerName, headers: testHeaders };
}

type Answer = Pick<SmokeTested, 'problem' | 'unsent'>;

/**
 * Sends `times` requests to the new revision through the test listener. Stops at the first
 * unexpected answer. Never rejects.
 */
export async function runSmokeTest(test: SmokeTest, place: SmokeTestPlace): Promise<SmokeTested> {
  // Not resolved against the URL: a path that starts with // would name another host.
  const url = new URL(`${place.url}${test.path}`);
  const result = { kind: 'smoke-tested', url: url.href, expected: test.status, of: test.times } as const;
  for (let passed = 0; passed < test.times; passed++) {
    const answer = await ask(url, place, test.status);
    if (answer.problem !== null) return { ...result, passed, ...answer };
  }
  return { ...result, passed: test.times, problem: null };
}

/** Redirects are not followed. */
function ask(url: URL, { host, serverName, headers }: SmokeTestPlace, expected: number): Promise<Answer> {
  return new Promise((resolve) => {
    const isSecure = url.protocol === 'https:';
    let isOpen = false;
    let isSent = false;
    const request = (isSecure ? https : http).get(
      url,
      {
        headers: {
          'user-agent': 'ecs-ramp',
          ...headers,
          ...(host !== null && { host }),
          connection: 'close',
        },
        ...(serverName !== null && { servername: serverName }),
        signal: AbortSignal.timeout(ANSWER_WITHIN),
      },
      (response) => {
        response.resume();
        const { statusCode } = response;
        resolve({
          problem:
            statusCode === expected
              ? null
              : `answered ${statusCode}${redirection(response, url)} instead of ${expected}`,
        });
      },
    );
    request.on('socket', (socket) => {
      if (socket.connecting) socket.once('connect', () => (isOpen = true));
      else isOpen = true;
    });
    // After the connection is established and, for HTTPS, the certificate is accepted.
    request.on('finish', () => (isSent = true));
    request.on('error', (error) => {
      const isLate = error.name === 'AbortError' || error.name === 'TimeoutError';
      if (!isSent) {
        const reason = isLate ? `no connection within ${ANSWER_WITHIN / SECOND} s` : reasonOf(error);
        resolve({
          problem: `could not be sent: ${reason}. ${adviceOn(error, { url, serverName, isOpen })}`,
          unsent: true,
        });
        return;
      }
      resolve({
        problem: isLate
          ? `gave no answer within ${ANSWER_WITHIN / SECOND} s`
          : `closed the connection without an answer: ${reasonOf(error)}`,
      });
    });
  });
}

/** ` (to https://HOST/PATH)`, without a query, which may contain secrets. */
function redirection({ headers }: http.IncomingMessage, url: URL): string {
  const target = headers.location === undefined ? null : URL.parse(headers.location, url.href);
  return target === null ? '' : ` (a redirect to ${target.origin}${target.pathname})`;
}

/** Some errors of connections have a code but no message. */
function reasonOf(error: Error): string {
  return errorText(error) || codeOf(error);
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : error.name;
}

const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
const UNRESOLVED = new Set(['ENOTFOUND', 'EAI_AGAIN']);

/** What to set so that the request can be sent. */
function adviceOn(
  error: Error,
  {
    url,
    serverName,
    isOpen,
  }: { readonly url: URL; readonly serverName: string | null; readonly isOpen: boolean },
): string {
  const code = codeOf(error);
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `The certificate is not valid for ${serverName ?? url.hostname}: set smoke-test-url to https://HOST:PORT with a host that it is valid for`;
  }
  if (UNTRUSTED.has(code)) {
    return 'This machine does not trust the certificate: set the environment variable NODE_EXTRA_CA_CERTS of this step to a file with the certificate of its authority';
  }
  if (UNRESOLVED.has(code)) {
    return `The name ${url.hostname} cannot be resolved on this machine: run the job in the network of the load balancer, or set smoke-test-url`;
  }
  if (isOpen) {
    return 'The TLS handshake failed: check the certificate and the security policy of the test listener';
  }
  return 'Allow this machine in the security group of the load balancer, run the job in its network, or set smoke-test-url';
}
