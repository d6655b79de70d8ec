import { readFileSync } from 'node:fs';
import type { Environment } from '../../core/environment.ts';

/** Where on GitHub to report a job. */
export interface GitHubPlace {
  /** The base URL of the API: GitHub Enterprise has its own. */
  readonly api: string;
  readonly owner: string;
  readonly repo: string;
  /** The commit of the release. For a pull request: its head, not GitHub's test merge. */
  readonly commit: string;
  /** The pull request that started the workflow; `null` for other events. */
  readonly pullRequest: number | null;
}

/** `null` if the job does not run on GitHub. */
export function gitHubPlaceOf(env: Environment): GitHubPlace | null {
  const [owner, repo] = env['GITHUB_REPOSITORY']?.split('/') ?? [];
  const commit = env['GITHUB_SHA'];
  if (!owner || !repo || !commit) return null;
  const { pullRequest, head } = pullRequestOf(env['GITHUB_EVENT_PATH']);
  const api = env['GITHUB_API_URL'] || 'https://api.github.com';
  return { api, owner, repo, commit: head ?? commit, pullRequest };
}

interface Occasion {
  readonly pullRequest: number | null;
  /** `null` after the merge: then the merge commit is released. */
  readonly head: string | null;
}

function pullRequestOf(eventPath: string | undefined): Occasion {
  const payload = memberOf(readPayload(eventPath), 'pull_request');
  const number = memberOf(payload, 'number');
  const sha = memberOf(memberOf(payload, 'head'), 'sha');
  return {
    pullRequest: typeof number === 'number' ? number : null,
    head: memberOf(payload, 'merged') !== true && typeof sha === 'string' ? sha : null,
  };
}

function readPayload(path: string | undefined): unknown {
  try {
    return path ? JSON.parse(readFileSync(path, 'utf8')) : null;
  } catch {
    return null;
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : null;
}
