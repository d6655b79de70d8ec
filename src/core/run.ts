import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { SECOND, type Milliseconds } from './time/clock.ts';

/** One process that may act on a service, as others know it: written into its lease. */
export interface Run {
  /** Told apart from every other, also from another job of the same workflow run. */
  readonly id: string;
  /** Where a person finds it: the page of the run's attempt on GitHub, or the name of the machine. */
  readonly place: string;
  readonly job: string | null;
  /** Between its claim and its first act; null: as long as reads of AWS may lag. */
  readonly claimWait: Milliseconds | null;
}

/**
 * Who this process is, from the runner's variables. `id`: of the main step whose work a post step finishes.
 * `ECS_RAMP_CLAIM_WAIT` (seconds) is for a sandbox, whose reads never lag.
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
