import { lstat, readdir, readlink } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { isNoSuchFile } from '../system-error.ts';
import { cleanPath, globMatches } from './patterns.ts';

/**
 * The engine requests the paths that a Dockerfile copies. If a path contains symbolic links, the
 * links and their targets are required too. Returns patterns; `null` when everything is required.
 */
export async function followLinks(root: string, paths: readonly string[]): Promise<string[] | null> {
  const walk: Walk = { root, needed: new Set(), followed: new Set() };
  for (const path of paths) await follow(walk, path, 0);
  const { needed } = walk;
  if (needed.has('.')) return null;
  // A required directory includes its content.
  return [...needed].filter((path) => !ancestors(path).some((ancestor) => needed.has(ancestor)));
}

interface Walk {
  readonly root: string;
  readonly needed: Set<string>;
  /** Paths that were followed, so that links in a circle end. */
  readonly followed: Set<string>;
}

/** As many as systems follow. The paths of a link into itself grow without end. */
const MOST_LINKS = 40;

async function follow(walk: Walk, path: string, links: number): Promise<void> {
  // Links and `..` cannot lead out of the context.
  const cleaned = cleanPath(`/${path}`).slice(1);
  if (walk.followed.has(cleaned) || links > MOST_LINKS) return;
  walk.followed.add(cleaned);
  const parts = cleaned.split('/');
  for (let count = 1; count <= parts.length; count++) {
    const current = parts.slice(0, count).join('/') || '.';
    const targets = await linkTargets(walk.root, current);
    if (targets.length === 0) continue;
    walk.needed.add(current);
    const rest = parts.slice(count);
    for (const target of targets) await follow(walk, posix.join(target, ...rest), links + 1);
    return;
  }
  walk.needed.add(cleaned || '.');
}

/** The targets of the link at `path`, or of the links that match a wildcard in its last part. */
async function linkTargets(root: string, path: string): Promise<string[]> {
  const { dir, base } = posix.parse(path);
  if (!/[*?[]/.test(base)) return linkTarget(root, path);
  const names = await orNothing(readdir(join(root, dir)));
  const matching = (names ?? []).filter((name) => globMatches(base, name));
  return (await Promise.all(matching.map((name) => linkTarget(root, posix.join(dir, name))))).flat();
}

async function linkTarget(root: string, path: string): Promise<string[]> {
  const stats = await orNothing(lstat(join(root, path)));
  if (!stats?.isSymbolicLink()) return [];
  const target = await readlink(join(root, path));
  return [posix.isAbsolute(target) ? target : posix.join('/', posix.dirname(path), target)];
}

/** `null` for a missing path: the engine reports that error. */
async function orNothing<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (isNoSuchFile(error)) return null;
    throw error;
  }
}

function ancestors(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join('/'));
}
