import http from 'node:http';
import https from 'node:https';
import type { SmokeTest } from '../../core/request.ts';
import { SECOND } from '../../core/time/clock.ts';
import type { SmokeTested } from '../../core/trail/event.ts';

/** Users do not wait longer than this. */
const ANSWER_WITHIN = 10 * SECOND;

export interface SmokeTestPlace {
  /** Scheme, host and port of the test listener. */
  readonly url: string;
  /** The Host header that the test rule requires; `null` for that of the URL. */
  readonly host: string | null;
}

/**
 * Sends `times` requests to the new revision through the test listener. Stops at the first
 * unexpected answer. Never rejects.
 */
export async function runSmokeTest(test: SmokeTest, place: SmokeTestPlace): Promise<SmokeTested> {
  const url = new URL(test.path, place.url);
  const result = { kind: 'smoke-tested', url: url.href, expected: test.status, of: test.times } as const;
  for (let passed = 0; passed < test.times; passed++) {
    const problem = await ask(url, place.host, test.status);
    if (problem !== null) return { ...result, passed, problem };
  }
  return { ...result, passed: test.times, problem: null };
}

/** The problem with the answer; `null` when it was as expected. Redirects are not followed. */
function ask(url: URL, host: string | null, expected: number): Promise<string | null> {
  return new Promise((resolve) => {
    const request = (url.protocol === 'https:' ? https : http).get(
      url,
      {
        headers: { 'user-agent': 'ecs-ramp', ...(host !== null && { host }) },
        signal: AbortSignal.timeout(ANSWER_WITHIN),
        agent: false,
      },
      (response) => {
        response.resume();
        resolve(
          response.statusCode === expected ? null : `answered ${response.statusCode} instead of ${expected}`,
        );
      },
    );
    request.on('error', (error) => {
      resolve(
        error.name === 'AbortError' || error.name === 'TimeoutError'
          ? `gave no answer within ${ANSWER_WITHIN / SECOND} s`
          : `could not be reached: ${error.message}`,
      );
    });
  });
}
