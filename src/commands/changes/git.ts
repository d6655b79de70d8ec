import { posix } from 'node:path';
import { gitIn } from '../../core/git.ts';
import type { Range } from './range.ts';
import { UserError } from '../../core/failure.ts';

/** Reads a clone, which may be shallow: missing commits are fetched from `origin`. */
export interface Repository {
  /**
   * The changed paths, relative to the folder that was opened; for a renamed file both. The path of
   * a submodule ends with /. `null` if the commits are not available.
   */
  changedFiles(range: Range & { readonly base: string }): Promise<Compared | null>;
  /** Whether a commit, branch or tag exists here or can be fetched from origin. */
  knows(commit: string): Promise<boolean>;
  /** The content of a file in a commit, relative to the folder; `null` if it does not exist. */
  fileAt(commit: string, path: string): Promise<string | null>;
}

export interface Compared {
  readonly files: readonly string[];
  /** The commit that the changes are relative to. */
  readonly base: string;
}

/** How many commits to fetch to find the merge base, before the whole history is fetched. */
const DEEPEN_BY = [100, 1_000];

/** Rejects with UserError if `folder` is not a clone or git is not installed. */
export async function openRepository(folder: string): Promise<Repository> {
  const git = gitIn(folder);
  const attempt = (...args: readonly string[]) => git(...args).catch(() => null);
  /** The folder in the clone, as `backend/`; empty for its root. */
  let prefix = '';
  try {
    prefix = (await git('rev-parse', '--show-prefix')).replace(/\n$/, '');
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new UserError(
      isMissing
        ? 'git is not installed on this machine: it is required to find changes.'
        : `${folder} is not a git repository: run this in a clone; in a workflow, after actions/checkout.`,
      { cause: error },
    );
  }

  const has = async (commit: string) =>
    (await attempt('rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{commit}`)) !== null;

  /** Fetches the commit without its history if it is missing. Returns whether it exists. */
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
      const raw = await git('diff', '--raw', '-z', '--no-renames', '--end-of-options', from, head);
      return { files: changedPaths(raw, prefix), base: from };
    },
    knows: bring,
    fileAt: (commit, path) => attempt('show', '--end-of-options', `${commit}:./${path}`),
  };
}

/** Reads `git diff --raw -z`: for each path, `:MODE MODE HASH HASH STATUS`, NUL, the path, NUL. */
function changedPaths(raw: string, prefix: string): string[] {
  const parts = raw.split('\0');
  return Array.from({ length: Math.floor(parts.length / 2) }, (_, index) => {
    const [entry, path] = [parts[2 * index]!, parts[2 * index + 1]!];
    const relative = prefix === '' ? path : posix.relative(prefix, path);
    return SUBMODULE.test(entry) ? `${relative}/` : relative;
  });
}

const SUBMODULE = /^:160000 |^:\d+ 160000 /;
