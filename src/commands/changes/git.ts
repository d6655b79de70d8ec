import { gitIn } from '../../core/git.ts';
import type { Range } from './range.ts';
import { UserError } from '../../core/failure.ts';

/** The differences of a clone, which may be shallow: commits that are missing are fetched from `origin`. */
export interface Repository {
  /** Paths that differ, a renamed file's both; null: the commits are not to be had. */
  changedFiles(range: Range & { readonly base: string }): Promise<Compared | null>;
  /** A file of a commit; null: it was not there. */
  fileAt(commit: string, path: string): Promise<string | null>;
}

export interface Compared {
  readonly files: readonly string[];
  /** The commit that was compared with. */
  readonly base: string;
}

/** How far back it is looked for where two branches parted, before all of it is fetched. */
const DEEPEN_BY = [100, 1_000];

/** Rejects with UserError where `folder` is no clone or there is no git. */
export async function openRepository(folder: string): Promise<Repository> {
  const git = gitIn(folder);
  const attempt = (...args: readonly string[]) => git(...args).catch(() => null);
  try {
    await git('rev-parse', '--git-dir');
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new UserError(
      isMissing
        ? 'There is no git on this machine: changes are found with it.'
        : `${folder} is no git repository: run actions/checkout before this step.`,
      { cause: error },
    );
  }

  const has = async (commit: string) =>
    (await attempt('rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{commit}`)) !== null;

  /** Whether the commit is here, if need be fetched: alone, without its history. */
  async function bring(commit: string): Promise<boolean> {
    if (await has(commit)) return true;
    const wanted = commit.startsWith('refs/remotes/origin/')
      ? `+refs/heads/${commit.slice('refs/remotes/origin/'.length)}:${commit}`
      : commit;
    await attempt('fetch', '--quiet', '--no-tags', '--depth=1', 'origin', wanted);
    return has(commit);
  }

  async function whereTheyParted(base: string, head: string): Promise<string | null> {
    const look = async () => (await attempt('merge-base', '--end-of-options', base, head))?.trim() || null;
    let found = await look();
    for (const depth of DEEPEN_BY) {
      if (found !== null || !(await isShallow())) return found;
      await attempt('fetch', '--quiet', '--no-tags', `--deepen=${depth}`, 'origin');
      await attempt('fetch', '--quiet', '--no-tags', `--depth=${depth}`, 'origin', base, head);
      found = await look();
    }
    if (found === null && (await isShallow()))
      await attempt('fetch', '--quiet', '--no-tags', '--unshallow', 'origin');
    return found ?? look();
  }

  const isShallow = async () => (await attempt('rev-parse', '--is-shallow-repository'))?.trim() === 'true';

  return {
    async changedFiles({ kind, base, head }: Extract<Range, { readonly base: string }>) {
      if (!(await bring(base)) || !(await bring(head))) return null;
      const from = kind === 'between' ? base : await whereTheyParted(base, head);
      if (from === null) return null;
      const names = await git('diff', '--name-only', '-z', '--no-renames', '--end-of-options', from, head);
      return { files: names.split('\0').filter((name) => name !== ''), base: from };
    },
    fileAt: (commit, path) => attempt('show', '--end-of-options', `${commit}:${path}`),
  };
}
