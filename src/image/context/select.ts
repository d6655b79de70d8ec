import { lstatSync, readlinkSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { isUtf8 } from 'node:buffer';
import { UserError } from '../../core/failure.ts';
import { errorCode, isNoSuchFile } from '../system-error.ts';
import { describeEntry, type ContextEntry } from './entry.ts';
import { followLinks } from './follow-links.ts';
import { PathPatterns, type PathMatch } from './patterns.ts';
import { unreadable } from './unreadable.ts';

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
  const top = { path: '', bytes: Buffer.from(selection.root), excluded: null, included: null };
  const walk: Walk = {
    rootLength: top.bytes.length + SLASH.length,
    exclude: new PathPatterns(selection.exclude),
    include: everything ? null : new PathPatterns([...selection.include, ...followed]),
    firstNames: new Map(),
    notUtf8: [],
  };
  yield* entriesIn(walk, top, []);
  if (walk.notUtf8.length > 0) throw notUtf8(walk.notUtf8);
}

const MOST_SHOWN = 10;

function notUtf8(all: readonly string[]): UserError {
  const more = all.length > MOST_SHOWN ? ` and ${all.length - MOST_SHOWN} more` : '';
  return new UserError(
    `The build context has names that are not valid UTF-8, which Docker cannot send: ${all.slice(0, MOST_SHOWN).join(', ')}${more}. Rename them, or exclude them in .dockerignore (? matches such a byte).`,
  );
}

interface Walk {
  /** Bytes of the root's path, with the slash after it. */
  readonly rootLength: number;
  readonly exclude: PathPatterns;
  readonly include: PathPatterns | null;
  /** Inode to the path that was sent first, for files with several hard links. */
  readonly firstNames: Map<string, string>;
  /** Wanted entries whose name or link target is not UTF-8, in words. */
  readonly notUtf8: string[];
}

interface Directory {
  readonly path: string;
  /** The absolute path. Names are bytes: not all of them are UTF-8. */
  readonly bytes: Buffer;
  readonly excluded: PathMatch | null;
  readonly included: PathMatch | null;
}

/** `pending`: parent directories to send before the first entry in them. */
async function* entriesIn(walk: Walk, directory: Directory, pending: Found[]): AsyncGenerator<ContextEntry> {
  for (const name of await namesIn(directory)) {
    const path = directory.path === '' ? name.toString() : `${directory.path}/${name.toString()}`;
    const excluded = walk.exclude.match(path, directory.excluded);
    const included = walk.include?.match(path, directory.included) ?? null;
    const wanted = !excluded.matched && (included?.matched ?? true);
    if (!wanted && !mayHoldWanted(walk, path, { excluded, included })) continue;
    const bytes = Buffer.concat([directory.bytes, SLASH, name]);
    const found = readEntry(walk, { path, bytes }, wanted);
    if (!found || (!wanted && !found.isDirectory)) continue;
    if (wanted) {
      for (const each of [...pending.splice(0), found]) {
        if (each.notUtf8 === null) yield each.entry;
        else walk.notUtf8.push(each.notUtf8);
      }
    } else pending.push(found);
    if (found.isDirectory) {
      yield* entriesIn(walk, { path, bytes, excluded, included }, pending);
      // The directory contains no included entry.
      if (pending.at(-1) === found) pending.pop();
    }
  }
}

const SLASH = Buffer.from('/');

function mayHoldWanted(walk: Walk, path: string, match: Pick<Directory, 'excluded' | 'included'>): boolean {
  const reincluded = !match.excluded?.matched || walk.exclude.mayMatchUnder(path, 'reincluding');
  const included =
    !walk.include || match.included?.matched === true || walk.include.mayMatchUnder(path, 'plain');
  return reincluded && included;
}

/** In the order of their bytes. */
async function namesIn({ path, bytes }: Directory): Promise<Buffer[]> {
  try {
    return (await readdir(bytes, 'buffer')).sort((a, b) => a.compare(b));
  } catch (error) {
    // Deleted since its parent was read.
    if (path !== '' && isNoSuchFile(error)) return [];
    throw unreadable(path, error);
  }
}

interface Found {
  readonly entry: ContextEntry;
  readonly isDirectory: boolean;
  /** Why it cannot be sent, in words. */
  readonly notUtf8: string | null;
}

function readEntry(
  walk: Walk,
  { path, bytes }: Pick<Directory, 'path' | 'bytes'>,
  wanted: boolean,
): Found | null {
  try {
    // A promise for each file would cost ten times as much as the call.
    const stats = lstatSync(bytes, { bigint: true });
    const target = stats.isSymbolicLink() ? readlinkSync(bytes, 'buffer') : null;
    let link = target?.toString() ?? '';
    if (wanted && stats.isFile() && stats.nlink > 1n) {
      const file = `${stats.dev}:${stats.ino}`;
      link = walk.firstNames.get(file) ?? '';
      if (link === '') walk.firstNames.set(file, path);
    }
    return {
      entry: describeEntry({ path, stats, link }),
      isDirectory: stats.isDirectory(),
      notUtf8: problemOf(bytes.subarray(walk.rootLength), target),
    };
  } catch (error) {
    // Deleted since its directory was read.
    if (errorCode(error) === 'ENOENT') return null;
    throw unreadable(path, error);
  }
}

function problemOf(path: Buffer, target: Buffer | null): string | null {
  if (!isUtf8(path)) return escaped(path);
  return target === null || isUtf8(target) ? null : `${escaped(path)} (a link to ${escaped(target)})`;
}

/** With the bytes of letters that are not ASCII as `\\xe9`, if it is not UTF-8. */
function escaped(name: Buffer): string {
  if (isUtf8(name)) return name.toString();
  return [...name]
    .map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`))
    .join('');
}
