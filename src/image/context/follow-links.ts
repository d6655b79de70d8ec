import { lstat, readdir, readlink } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { isNoSuchFile } from '../system-error.ts';
import { cleanPath, globMatches } from './patterns.ts';

/**
 * The engine requests the paths that a Dockerfile copies. If a path contains symbolic links, the
 * links and their targets are required too. Returns patterns; `null` when everything is required.
 */
export async function followLinks(root: string, paths: readonly string[]): Promise<string[] | null> {
  const needed = new Set<string>();
  for (const path of paths) await follow(root, path, needed);
  if (needed.has('.')) return null;
  // A required directory includes its content.
  return [...needed].filter((path) => !ancestors(path).some((ancestor) => needed.has(ancestor)));
}

async function follow(root: string, path: string, needed: Set<string>): Promise<void> {
  // Links and `..` cannot lead out of the context.
  const parts = cleanPath(`/${path}`).slice(1).split('/');
  for (let count = 1; count <= parts.length; count++) {
    const current = parts.slice(0, count).join('/') || '.';
    const targets = await linkTargets(root, current);
    if (targets.length === 0) continue;
    if (needed.has(current)) return;
    needed.add(current);
    const rest = parts.slice(count);
    for (const target of targets) await follow(root, posix.join(target, ...rest), needed);
    return;
  }
  needed.add(parts.join('/') || '.');
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
