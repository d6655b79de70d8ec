import { gitIn, type Git } from '../../core/git.ts';
import { SECOND } from '../../core/time/clock.ts';
import type { Environment } from '../../core/environment.ts';
import type { Provenance } from '../../aws/ecs/provenance.ts';
import { relationInClone } from '../deploy/commit-order/git.ts';

/** How the commit of a release relates to a branch. */
export interface BranchRelation {
  readonly branch: string;
  /** The newest commit of the branch. */
  readonly head: string;
  /**
   * `head`: it is the newest commit. `older`: it is on the branch. `ahead`: the clone is older than
   * the release. `elsewhere`: it is on another branch only. `gone`: it is on no branch.
   */
  readonly is: 'head' | 'older' | 'ahead' | 'elsewhere' | 'gone';
  /** How many commits of the branch are newer than it. */
  readonly behind: number;
}

/** `null` if it is not known. Never rejects. */
export type AskBranch = (release: Provenance) => Promise<BranchRelation | null>;

interface Clone {
  readonly folder: string;
  readonly env: Environment;
}

/**
 * Compares commits with the checked out branch in GitHub Actions, elsewhere with the default branch
 * of the clone. Knows only releases of the clone's own repository, and needs its whole history.
 */
export function createAskBranch({ folder, env }: Clone): AskBranch {
  const git = gitIn(folder, { timeout: 10 * SECOND, fetches: false });
  let clone: Promise<KnownClone | null> | undefined;
  return async ({ commit, repository }) => {
    if (commit === null || repository === null || !/^[0-9a-f]{40,64}$/.test(commit)) return null;
    clone ??= readClone(git, env).catch(() => null);
    const known = await clone;
    if (known === null || known.repository !== repository) return null;
    return relationTo(known, commit, { git, folder }).catch(() => null);
  };
}

interface KnownClone {
  readonly repository: string;
  readonly branch: string;
  readonly head: string;
  /** Every commit of every branch is in it, so one that is missing is on no branch. */
  readonly isFresh: boolean;
}

/** `null` for a clone without the whole history. */
async function readClone(git: Git, env: Environment): Promise<KnownClone | null> {
  if ((await git('rev-parse', '--is-shallow-repository')).trim() !== 'false') return null;
  const head = env['GITHUB_REF']?.startsWith('refs/heads/') ? env['GITHUB_REF'] : null;
  const inActions = Boolean(env['GITHUB_REPOSITORY']);
  if (inActions && head === null) return null;
  const ref = inActions ? 'HEAD' : await defaultBranch(git);
  const refspecs = await git('config', '--get-all', 'remote.origin.fetch').catch(() => '');
  return {
    repository: inActions
      ? `${env['GITHUB_SERVER_URL'] ?? 'https://github.com'}/${env['GITHUB_REPOSITORY']}`
      : repositoryUrl(await git('remote', 'get-url', 'origin')),
    branch: head?.slice('refs/heads/'.length) ?? (await git('rev-parse', '--abbrev-ref', ref)).trim(),
    head: (await git('rev-parse', '--verify', ref)).trim(),
    // A clone outside of GitHub Actions may be days old.
    isFresh: inActions && /refs\/heads\/\*/.test(refspecs),
  };
}

async function defaultBranch(git: Git): Promise<string> {
  const named = await git('rev-parse', '--verify', '--quiet', 'refs/remotes/origin/HEAD').catch(() => '');
  return named.trim() === '' ? 'HEAD' : 'origin/HEAD';
}

async function relationTo(
  { branch, head, isFresh }: KnownClone,
  commit: string,
  { git, folder }: { readonly git: Git; readonly folder: string },
): Promise<BranchRelation | null> {
  const told = { branch, head, behind: 0 };
  const exists = await git('cat-file', '-e', `${commit}^{commit}`).then(
    () => true,
    () => false,
  );
  if (!exists) return isFresh ? { ...told, is: 'gone' } : null;
  switch (await relationInClone(folder, commit, head)) {
    case 'same':
      return { ...told, is: 'head' };
    case 'older':
      return {
        ...told,
        is: 'older',
        behind: Number(await git('rev-list', '--count', '--end-of-options', `${commit}..${head}`)),
      };
    case 'newer':
      return { ...told, is: 'ahead' };
    case 'diverged': {
      const refs = await git(
        'for-each-ref',
        `--contains=${commit}`,
        '--count=1',
        'refs/heads',
        'refs/remotes',
        'refs/tags',
      );
      if (refs.trim() !== '') return { ...told, is: 'elsewhere' };
      return isFresh ? { ...told, is: 'gone' } : null;
    }
    case null:
      return null;
  }
}

/** `git@github.com:shop/web.git` and `https://github.com/shop/web.git` are the same repository. */
function repositoryUrl(remote: string): string {
  const [, host, path] =
    /^(?:[a-z+]+:\/\/)?(?:[^@/]+@)?([^:/]+)(?::\d+)?[:/]+(.+?)(?:\.git)?\/?$/.exec(remote.trim()) ?? [];
  return `https://${host}/${path}`;
}
