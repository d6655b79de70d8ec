import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../system-error.ts';
import { describeEntry, type ContextEntry } from './entry.ts';
import { followLinks } from './follow-links.ts';
import { PathPatterns, type PathMatch } from './patterns.ts';

export interface Selection {
  /** Absolute path of a directory. */
  readonly root: string;
  /** The lines of a .dockerignore, comments and blanks removed. */
  readonly exclude: readonly string[];
  /** Everything if both this and `follow` are empty. */
  readonly include: readonly string[];
  /** Like `include`, with the targets of symbolic links. */
  readonly follow: readonly string[];
}

/**
 * The entries of a directory that are sent to a build, sorted by name, parents before children, as
 * the engine requires. An excluded directory is sent if it contains an included entry.
 */
export async function* selectEntries(selection: Selection): AsyncGenerator<ContextEntry> {
  const followed = await followLinks(selection.root, selection.follow);
  const everything = followed === null || selection.include.length + followed.length === 0;
  const walk: Walk = {
    root: selection.root,
    exclude: new PathPatterns(selection.exclude),
    include: everything ? null : new PathPatterns([...selection.include, ...followed]),
    firstNames: new Map(),
  };
  yield* entriesIn(walk, { path: '', excluded: null, included: null }, []);
}

interface Walk {
  readonly root: string;
  readonly exclude: PathPatterns;
  readonly include: PathPatterns | null;
  /** Inode to the path that was sent first, for files with several hard links. */
  readonly firstNames: Map<string, string>;
}

interface Directory {
  readonly path: string;
  readonly excluded: PathMatch | null;
  readonly included: PathMatch | null;
}

/** `pending`: parent directories to send before the first entry in them. */
async function* entriesIn(
  walk: Walk,
  directory: Directory,
  pending: ContextEntry[],
): AsyncGenerator<ContextEntry> {
  for (const name of await namesIn(join(walk.root, directory.path))) {
    const path = directory.path === '' ? name : `${directory.path}/${name}`;
    const excluded = walk.exclude.match(path, directory.excluded);
    const included = walk.include?.match(path, directory.included) ?? null;
    const wanted = !excluded.matched && (included?.matched ?? true);
    if (!wanted && !mayHoldWanted(walk, path, { excluded, included })) continue;
    const entry = await readEntry(walk, path, wanted);
    if (!entry || (!wanted && !entry.isDirectory)) continue;
    if (wanted) {
      yield* pending.splice(0);
      yield entry.entry;
    } else pending.push(entry.entry);
    if (entry.isDirectory) {
      yield* entriesIn(walk, { path, excluded, included }, pending);
      // The directory contains no included entry.
      if (pending.at(-1) === entry.entry) pending.pop();
    }
  }
}

function mayHoldWanted(walk: Walk, path: string, match: Omit<Directory, 'path'>): boolean {
  const reincluded = !match.excluded?.matched || walk.exclude.mayMatchUnder(path, 'reincluding');
  const included =
    !walk.include || match.included?.matched === true || walk.include.mayMatchUnder(path, 'plain');
  return reincluded && included;
}

async function namesIn(directory: string): Promise<string[]> {
  const names = await readdir(directory);
  return names
    .map((name) => ({ name, bytes: Buffer.from(name) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ name }) => name);
}

async function readEntry(
  walk: Walk,
  path: string,
  wanted: boolean,
): Promise<{ readonly entry: ContextEntry; readonly isDirectory: boolean } | null> {
  const absolute = join(walk.root, path);
  try {
    const stats = await lstat(absolute, { bigint: true });
    let link = '';
    if (stats.isSymbolicLink()) link = await readlink(absolute);
    else if (wanted && stats.isFile() && stats.nlink > 1n) {
      const file = `${stats.dev}:${stats.ino}`;
      link = walk.firstNames.get(file) ?? '';
      if (link === '') walk.firstNames.set(file, path);
    }
    return { entry: describeEntry({ path, stats, link }), isDirectory: stats.isDirectory() };
  } catch (error) {
    // Deleted since its directory was read.
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
