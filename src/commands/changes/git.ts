import { posix } from 'node:path';
import { gitIn, withoutToken, type GitAccess } from '../../core/git.ts';
import { plainLines } from '../../core/plain-text.ts';
import type { Range } from './range.ts';
import { UserError } from '../../core/failure.ts';

/** Reads a clone, which may be shallow or partial: missing objects are fetched. */
export interface Repository {
  /**
   * The changed paths, relative to the folder that was opened; for a renamed file both. The path of
   * a submodule ends with /.
   */
  changedFiles(range: Range & { readonly base: string }): Promise<Compared | Incomparable>;
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

/** Why the changes are not known. */
export interface Incomparable {
  /** A clause. */
  readonly problem: string;
  /** What git said last; `null` for nothing. */
  readonly said: string | null;
}

/** How many commits to fetch to find the merge base, before the whole history is fetched. */
const DEEPEN_BY = [100, 1_000];

/**
 * Fetches from `origin` with the credentials of the clone, and if that fails, from the repository
 * of `access` with its token: a clone may have no credentials (`persist-credentials: false`). Rejects
 * with UserError if `folder` is not a clone or git is not installed.
 */
export async function openRepository(folder: string, access: GitAccess | null): Promise<Repository> {
  const git = gitIn(folder);
  const ways = [
    { git, remote: 'origin' },
    ...(access === null ? [] : [{ git: gitIn(folder, { access }), remote: access.repository }]),
  ];
  let said: string | null = null;
  /** The output of the first way that succeeds; `null` if none does. */
  async function attempt(...args: readonly string[]): Promise<string | null> {
    for (const way of ways) {
      try {
        return await way.git(...args.map((arg) => (arg === ORIGIN ? way.remote : arg)));
      } catch (error) {
        const line = lastLineOf(error);
        if (line !== null) said = access === null ? line : withoutToken(access, line);
      }
    }
    return null;
  }
  /** Without the network. */
  const look = (...args: readonly string[]) => git(...args).catch(() => null);
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

  /** The hash of a commit that the clone has; a server knows no names of remote branches. */
  const hashOf = async (commit: string) =>
    (await look('rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{commit}`))?.trim() ??
    null;
  const has = async (commit: string) => (await hashOf(commit)) !== null;

  /** Fetches the commit without its history if it is missing. Returns whether it exists. */
  async function bring(commit: string): Promise<boolean> {
    if (await has(commit)) return true;
    const wanted = commit.startsWith('refs/remotes/origin/')
      ? `+refs/heads/${commit.slice('refs/remotes/origin/'.length)}:${commit}`
      : commit;
    await attempt('fetch', '--quiet', '--no-tags', '--depth=1', '--end-of-options', ORIGIN, wanted);
    return has(commit);
  }

  async function whereTheyParted(base: string, head: string): Promise<string | null> {
    const parted = async () => (await look('merge-base', '--end-of-options', base, head))?.trim() || null;
    let found = await parted();
    const hashes = (await Promise.all([base, head].map(hashOf))).filter((hash) => hash !== null);
    for (const depth of DEEPEN_BY) {
      if (found !== null || !(await isShallow())) return found;
      await attempt('fetch', '--quiet', '--no-tags', `--deepen=${depth}`, ORIGIN);
      await attempt('fetch', '--quiet', '--no-tags', `--depth=${depth}`, ORIGIN, ...hashes);
      found = await parted();
    }
    if (found === null && (await isShallow()))
      await attempt('fetch', '--quiet', '--no-tags', '--unshallow', ORIGIN);
    return found ?? parted();
  }

  const isShallow = async () => (await look('rev-parse', '--is-shallow-repository'))?.trim() === 'true';

  return {
    async changedFiles({ kind, base, head }: Extract<Range, { readonly base: string }>) {
      for (const commit of [base, head])
        if (!(await bring(commit))) return { problem: `${namedCommit(commit)} could not be fetched`, said };
      const from = kind === 'between' ? base : await whereTheyParted(base, head);
      if (from === null) {
        const both = `${namedCommit(base)} and ${namedCommit(head)}`;
        return { problem: `no commit was found that both ${both} come from`, said };
      }
      const raw = await attempt('diff', '--raw', '-z', '--no-renames', '--end-of-options', from, head);
      return raw === null
        ? {
            problem: `the files of ${namedCommit(from)} and ${namedCommit(head)} could not be read`,
            said,
          }
        : { files: changedPaths(raw, prefix), base: from };
    },
    knows: bring,
    fileAt: (commit, path) => attempt('show', '--end-of-options', `${commit}:./${path}`),
  };
}

/** Stands for the remote in the arguments of `attempt`. */
const ORIGIN = '\0origin';

/** A commit in messages. */
export function namedCommit(commit: string): string {
  return /^[0-9a-f]{40,}$/.test(commit) ? commit.slice(0, 7) : commit.replace('refs/remotes/', '');
}

/** The last line that git wrote to stderr. */
function lastLineOf(error: unknown): string | null {
  const text: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'stderr') : null;
  const lines = typeof text === 'string' ? plainLines(text).filter((line) => line.trim() !== '') : [];
  return lines.at(-1)?.trim() ?? null;
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
