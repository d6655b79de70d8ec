import { environmentOf } from '../../inputs/config/settings-of.ts';
import { loadConfig } from '../../inputs/config/load.ts';
import { plainPath } from '../../inputs/config/patterns.ts';
import { readConfig } from '../../inputs/config/read-config.ts';
import type { Config } from '../../inputs/config/model.ts';
import { InvalidInputs, inputIssue, type Issue } from '../../inputs/issue.ts';
import type { GitAccess } from '../../core/git.ts';
import { plainText } from '../../core/plain-text.ts';
import type { Milliseconds } from '../../core/time/clock.ts';
import { longestRollout } from './wave-limits.ts';
import { openRepository, namedCommit, type Repository } from './git.ts';
import { rangeOf, type Occasion, type Range } from './range.ts';
import { goneFrom, touchedBy, type Touched } from './touched.ts';

export interface ChangesRequest {
  /** The path of ecs-ramp.yml, relative to the workspace. */
  readonly config: string;
  /** Absolute path of the clone. */
  readonly workspace: string;
  readonly occasion: Occasion;
  /** The commits to compare; `null` for those of the event. */
  readonly base: string | null;
  readonly head: string | null;
  /** The environment to deploy to; `null` for the environment of the branch. */
  readonly environment: string | null;
  readonly branch: string | null;
  /** To fetch what the clone cannot; `null` without a token or outside GitHub. */
  readonly access: GitAccess | null;
}

/** A touched service, and the longest possible duration of its rollout. */
export interface PlannedService extends Touched {
  readonly longest: Milliseconds;
}

export interface Changes {
  readonly touched: readonly PlannedService[];
  /** Services that were removed from the configuration. */
  readonly gone: readonly string[];
  readonly environment: string | null;
  /** Why nothing is deployed, as a clause; `null` if the touched services are deployed. */
  readonly idle: string | null;
  /** The compared range, as text. */
  readonly compared: string;
  /** The number of changed files; `null` if not known: then everything counts as changed. */
  readonly files: number | null;
  /** Why the changes are not known although they should be, and the fix; `null` if they are. */
  readonly warning: string | null;
}

/**
 * The services that a push, merge or pull request touches. Rejects with InvalidInputs or UserError.
 */
export async function findChanges(request: ChangesRequest): Promise<Changes> {
  const config = await loadConfig(request.config, request.workspace);
  const environment = environmentOf(config, { named: request.environment, branch: request.branch });
  const idle =
    environment === null && config.environments.size > 0
      ? `because branch ${request.branch ?? '(unknown)'} does not belong to an environment of ${config.file}`
      : null;
  const found = { environment, idle, gone: [], warning: null };
  const range = rangeFor(request);
  if (range.kind === 'nothing') return { ...found, touched: [], compared: range.why, files: 0 };
  const planned = (touched: readonly Touched[]): readonly PlannedService[] =>
    touched.map((one) => ({ ...one, longest: longestRollout(config, one.service, environment) }));
  const all = (why: string, warning: string | null): Changes => ({
    ...found,
    warning,
    touched: planned(touchedBy(config, { files: null, before: null, everything: why })),
    compared: why,
    files: null,
  });
  if (range.kind === 'everything') {
    return all(range.why, range.isUnexpected ? warningOf(range.why, GIVE_BASE) : null);
  }
  const repository = await openRepository(request.workspace, request.access);
  await refuseUnknown(repository, request);
  const compared = await repository.changedFiles(range);
  if ('problem' in compared) {
    const why = `${compared.problem}, so the changes are not known`;
    const said = compared.said === null ? '' : ` (git: ${plainText(compared.said, 200)})`;
    return all(why, warningOf(`${why}${said}`, fixFor(request.access)));
  }
  const between = `${namedCommit(compared.base)}..${namedCommit(range.head)}`;
  const changed = compared.files.includes(plainPath(config.file));
  const before = changed ? await configBefore(repository, compared.base, config.file) : config;
  const touched = touchedBy(config, { files: compared.files, before, everything: null });
  return {
    ...found,
    touched: planned(touched),
    gone: goneFrom(config, before),
    compared: between,
    files: compared.files.length,
  };
}

/**
 * A name that git does not know is a mistake of a person. A complete commit may be gone after a
 * force push: then everything counts as changed.
 */
async function refuseUnknown(repository: Repository, { base, head }: ChangesRequest): Promise<void> {
  const named = Object.entries({ base, head: base === null ? null : head });
  const wrong: Issue[] = [];
  for (const [input, name] of named) {
    if (name === null || COMPLETE.test(name) || (await repository.knows(name))) continue;
    wrong.push(
      inputIssue(input, {
        given: name,
        problem: `git knows no commit "${name}", here or at origin`,
        fix: 'name a commit, a branch or a tag of this repository',
      }),
    );
  }
  if (wrong.length > 0) throw new InvalidInputs(wrong);
}

function rangeFor({ base, head, occasion }: ChangesRequest): Range {
  if (base === null) return rangeOf(occasion);
  return { kind: 'between', base, head: head ?? 'HEAD' };
}

/** `null` if the file is missing or invalid. */
async function configBefore(repository: Repository, commit: string, file: string): Promise<Config | null> {
  const text = await repository.fileAt(commit, file);
  if (text === null) return null;
  try {
    return readConfig(text, file);
  } catch (error) {
    if (error instanceof InvalidInputs) return null;
    throw error;
  }
}

const COMPLETE = /^[0-9a-f]{40,}$/;

const warningOf = (why: string, fix: string): string =>
  `Every service counts as touched: ${why}. To compare commits, ${fix}.`;

const GIVE_BASE = 'give the commit to compare with as base';

function fixFor(access: GitAccess | null): string {
  const token =
    access === null
      ? 'set github-token, or check out with fetch-depth: 0'
      : 'allow the job to read the repository (permissions: contents: read), or check out with fetch-depth: 0';
  return `${token}; if a forced push removed the commit, ${GIVE_BASE}`;
}
