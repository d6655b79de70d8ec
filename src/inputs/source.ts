import { readFileSync } from 'node:fs';
import { isObject } from '../core/is-object.ts';
import type { Environment } from '../core/environment.ts';
import type { Source } from '../core/request.ts';

/**
 * The origin of the release, from the variables of the CI. Values that the CI does not set are
 * `null` or absent.
 */
export function sourceOf(environment: Environment): Source {
  const { GITHUB_SHA, GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_ACTOR } = environment;
  const count = countOf(environment);
  const attempt = Number(environment['GITHUB_RUN_ATTEMPT']);
  // The person who started the workflow chose the commit.
  const isByHand = environment['GITHUB_EVENT_NAME'] === 'workflow_dispatch';
  if (!GITHUB_SHA) return sourceElsewhere(environment);
  const repositoryUrl =
    GITHUB_SERVER_URL && GITHUB_REPOSITORY ? `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}` : null;
  return {
    commit: GITHUB_SHA,
    repositoryUrl,
    committedAt: committedAt(environment['GITHUB_EVENT_PATH'], GITHUB_SHA),
    runUrl: repositoryUrl && GITHUB_RUN_ID ? `${repositoryUrl}/actions/runs/${GITHUB_RUN_ID}` : null,
    actor: GITHUB_ACTOR || null,
    ...(count !== null && { count }),
    ...(isByHand && { meant: 'the workflow was started by hand' }),
    ...(attempt > 1 && { attempt }),
  };
}

/** GitHub counts the runs of a workflow file across all branches. */
function countOf({ GITHUB_WORKFLOW_REF, GITHUB_RUN_NUMBER }: Environment): Source['count'] | null {
  const [workflow] = GITHUB_WORKFLOW_REF?.split('@') ?? [];
  return workflow && /^\d+$/.test(GITHUB_RUN_NUMBER ?? '')
    ? { workflow, number: Number(GITHUB_RUN_NUMBER) }
    : null;
}

/** Variables of Jenkins (with its Git plugin), GitLab and CircleCI. */
const ELSEWHERE = [
  { commit: 'GIT_COMMIT', repository: 'GIT_URL', run: 'BUILD_URL', actor: 'BUILD_USER_ID' },
  { commit: 'CI_COMMIT_SHA', repository: 'CI_PROJECT_URL', run: 'CI_JOB_URL', actor: 'GITLAB_USER_LOGIN' },
  {
    commit: 'CIRCLE_SHA1',
    repository: 'CIRCLE_REPOSITORY_URL',
    run: 'CIRCLE_BUILD_URL',
    actor: 'CIRCLE_USERNAME',
  },
] as const;

function sourceElsewhere(environment: Environment): Source {
  const names = ELSEWHERE.find(({ commit }) => environment[commit]);
  const said = (what: keyof (typeof ELSEWHERE)[number]) => (names && environment[names[what]]) || null;
  return {
    commit: said('commit'),
    repositoryUrl: repositoryPageOf(said('repository')),
    committedAt: null,
    runUrl: said('run'),
    actor: said('actor'),
  };
}

/**
 * The web page of a Git remote such as https://USER:TOKEN@HOST/PATH.git or git@HOST:PATH.git,
 * without its credentials.
 */
export function repositoryPageOf(remote: string | null): string | null {
  const [, host, path] =
    /^(?:https?:\/\/(?:[^@/]*@)?|(?:ssh:\/\/)?git@)([^/:]+(?::\d+(?=\/))?)[/:](.+?)(?:\.git)?\/?$/.exec(
      remote ?? '',
    ) ?? [];
  return host === undefined ? null : `https://${host}/${path}`;
}

/** Only push events contain the time, and only that of their last commit. */
function committedAt(eventPath: string | undefined, commit: string | null): string | null {
  if (!eventPath || commit === null) return null;
  const payload = readPayload(eventPath);
  const head: unknown = isObject(payload) && payload['head_commit'];
  if (!isObject(head) || head['id'] !== commit) return null;
  return typeof head['timestamp'] === 'string' ? head['timestamp'] : null;
}

/** `null` if the file cannot be read: the time of the commit is only a label of the image. */
function readPayload(eventPath: string): unknown {
  try {
    return JSON.parse(readFileSync(eventPath, 'utf8'));
  } catch {
    return null;
  }
}
