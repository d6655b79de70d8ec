import type { GitHub } from '@actions/github/lib/utils';
import { SECOND } from '../../core/time/clock.ts';

export type Api = InstanceType<typeof GitHub>['rest'];

/** Nobody waits longer for one answer. */
const PATIENCE = 10 * SECOND;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

interface Connection {
  readonly token: string;
  /** Its address. */
  readonly api: string;
  /** Ends what is under way. */
  readonly stop: AbortSignal;
}

/** GitHub's API, by Node's own fetch. Nothing is tried twice. Its code is loaded now: a start should not wait for it. */
export async function connectGitHub({ token, api, stop }: Connection): Promise<Api> {
  const { getOctokit } = await import('@actions/github');
  const timed: typeof fetch = (url, options) =>
    fetch(url, { ...options, signal: AbortSignal.any([stop, AbortSignal.timeout(PATIENCE)]) });
  return getOctokit(token, { baseUrl: api, userAgent: 'ecs-ramp', log: silent, request: { fetch: timed } })
    .rest;
}
