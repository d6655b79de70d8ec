import { readFileSync } from 'node:fs';
import type { Environment } from './given.ts';
import type { Source } from './request.ts';

/** Where the release comes from, as the runner's own variables say it. Outside of a workflow little is known, and nothing is wrong. */
export function sourceOf(environment: Environment): Source {
  const { GITHUB_SHA, GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_ACTOR } = environment;
  const commit = GITHUB_SHA || null;
  const repositoryUrl =
    GITHUB_SERVER_URL && GITHUB_REPOSITORY ? `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}` : null;
  return {
    commit,
    repositoryUrl,
    committedAt: committedAt(environment['GITHUB_EVENT_PATH'], commit),
    runUrl: repositoryUrl && GITHUB_RUN_ID ? `${repositoryUrl}/actions/runs/${GITHUB_RUN_ID}` : null,
    actor: GITHUB_ACTOR || null,
  };
}

/** Only pushes say it, and only of their own last commit. */
function committedAt(eventPath: string | undefined, commit: string | null): string | null {
  if (!eventPath || commit === null) return null;
  const payload = readPayload(eventPath);
  const head: unknown = isObject(payload) && payload['head_commit'];
  if (!isObject(head) || head['id'] !== commit) return null;
  return typeof head['timestamp'] === 'string' ? head['timestamp'] : null;
}

/** Null when the file cannot be read: the time of the commit is only a label of the image. */
function readPayload(eventPath: string): unknown {
  try {
    return JSON.parse(readFileSync(eventPath, 'utf8'));
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
