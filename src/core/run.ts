import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { SECOND, type Milliseconds } from './time/clock.ts';

/** One process that may change a service, as it identifies itself in its run tag. */
export interface Run {
  /** Unique, also among the jobs of one workflow run. */
  readonly id: string;
  /** Where a person can find the run: the page of the attempt on GitHub, or the host name. */
  readonly place: string;
  readonly job: string | null;
  /**
   * The wait between claiming the service and the first change; `null` for the time that reads of
   * AWS may be late.
   */
  readonly claimWait: Milliseconds | null;
}

/**
 * The identity of this process, from the runner's variables. `id` is that of the main step when a
 * post step finishes its work. `ECS_RAMP_CLAIM_WAIT` (seconds) is for a sandbox, whose reads are
 * never late.
 */
export function identify(env: Readonly<Record<string, string | undefined>>, id = newId()): Run {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT, GITHUB_JOB } = env;
  const onGitHub = GITHUB_SERVER_URL && GITHUB_REPOSITORY && GITHUB_RUN_ID;
  const wait = Number(env['ECS_RAMP_CLAIM_WAIT'] || Number.NaN);
  return {
    id,
    place: onGitHub
      ? `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}/attempts/${GITHUB_RUN_ATTEMPT || '1'}`
      : hostname() || 'unknown',
    job: (onGitHub && GITHUB_JOB) || null,
    claimWait: wait >= 0 ? wait * SECOND : null,
  };
}

const newId = (): string => randomBytes(5).toString('hex');
