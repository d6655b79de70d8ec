import type { GitHub } from '@actions/github/lib/utils';
import { SECOND } from '../../core/time/clock.ts';
import type { Secret } from '../../core/secrecy/secret.ts';

export type Api = InstanceType<typeof GitHub>['rest'];

/** The timeout of one call. */
const PATIENCE = 10 * SECOND;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

interface Connection {
  readonly token: Secret;
  /** The base URL. */
  readonly api: string;
  /** Aborts running calls. */
  readonly stop: AbortSignal;
}

/**
 * GitHub's API, called with Node's fetch, without retries. Loads Octokit only now, to start fast.
 */
export async function connectGitHub({ token, api, stop }: Connection): Promise<Api> {
  const { getOctokit } = await import('@actions/github');
  const timed: typeof fetch = (url, options) =>
    fetch(url, { ...options, signal: AbortSignal.any([stop, AbortSignal.timeout(PATIENCE)]) });
  return getOctokit(token.reveal(), {
    baseUrl: api,
    userAgent: 'ecs-ramp',
    log: silent,
    request: { fetch: timed },
  }).rest;
}
