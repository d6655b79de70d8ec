import { readFileSync } from 'node:fs';
import type { Environment } from '../../core/environment.ts';

/** Where on GitHub a job is told of. */
export interface GitHubPlace {
  /** Of the API: GitHub Enterprise has its own. */
  readonly api: string;
  readonly owner: string;
  readonly repo: string;
  /** That the release comes from: of a pull request its own last one, not the merge that GitHub tries. */
  readonly commit: string;
  /** The pull request that the workflow runs for; null: it runs for something else. */
  readonly pullRequest: number | null;
}

/** Null: there is no GitHub around. */
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
  /** Null once it is merged: then the merge is what is released. */
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
