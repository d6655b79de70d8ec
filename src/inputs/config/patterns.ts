import { posix } from 'node:path';
import { globTest } from './glob.ts';

/** The time to match a path grows with the length of the pattern, and a pull request can write it. */
const LONGEST = 1_000;

/** Why a text is not a valid path pattern; `null` if it is valid. Pure. */
export function patternProblem(pattern: string): { readonly problem: string; readonly fix: string } | null {
  const positive = pattern.replace(/^!/, '');
  if (positive === '') return { problem: 'the pattern is empty', fix: 'write a path, such as web/**' };
  if (pattern.length > LONGEST)
    return {
      problem: `a pattern has ${pattern.length} characters, and at most ${LONGEST} are allowed`,
      fix: 'write several patterns',
    };
  if (positive.startsWith('/') || /^\.\.?(\/|$)/.test(positive)) {
    return {
      problem: `"${pattern}" is not relative to the root of the repository`,
      fix: `write ${pattern.replace(positive, positive.replace(/^(\.{0,2}\/)+/, '') || '**')}`,
    };
  }
  if (positive.endsWith('/')) return { problem: `"${pattern}" matches no files`, fix: `write ${pattern}**` };
  if (positive.includes('\\'))
    return { problem: `"${pattern}" contains a backslash`, fix: 'separate folders with /' };
  if (globTest(positive) === null)
    return {
      problem: `"${pattern}" has too many alternatives in braces and brackets`,
      fix: 'write several patterns',
    };
  return null;
}

/** A path in its one spelling, relative to the workspace: `web`, `.`, `../web`. Pure. */
export function plainPath(path: string): string {
  return posix.normalize(path).replace(/(.)\/$/, '$1');
}

/** The pattern of one file, whose name is taken literally. Pure. */
export function filePattern(path: string): string {
  return plainPath(path).replaceAll(/[*?[\]{}\\]|^!/g, '\\$&');
}

/** The pattern of all files in a folder. Pure. */
export function folderPattern(path: string): string {
  const folder = filePattern(path);
  return folder === '.' ? '**' : `${folder}/**`;
}

/**
 * Returns a function that tests a path (relative to the root of the repository, with /): `**`
 * matches any depth, `*` matches within a folder, `{a,b}` matches either, and `!` excludes. The
 * last pattern that matches decides. Pure.
 */
export function matcher(patterns: readonly string[]): (path: string) => boolean {
  const tests = patterns.map(test);
  return (path) => {
    const last = tests.findLast(({ matches }) => matches(path));
    return last !== undefined && !last.takesAway;
  };
}

/**
 * The paths that match the patterns. `sorted` must be in the order of `Array.sort`: a pattern that
 * starts with a folder searches only that folder. A path that ends with / is a submodule: it matches
 * if a file in it could match, because its files are not known. Pure.
 */
export function filesMatching(patterns: readonly string[], sorted: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const submodules = sorted.filter((path) => path.endsWith('/'));
  for (const { takesAway, matches, folder } of patterns.map(test)) {
    for (const path of submodules) {
      if (!takesAway && (folder.startsWith(path) || matches(`${path}any`))) found.add(path);
    }
    for (let index = firstFrom(folder, sorted); index < sorted.length; index += 1) {
      const path = sorted[index]!;
      if (!path.startsWith(folder)) break;
      if (!matches(path)) continue;
      if (takesAway) found.delete(path);
      else found.add(path);
    }
  }
  return found;
}

function test(pattern: string) {
  const takesAway = pattern.startsWith('!');
  const glob = takesAway ? pattern.slice(1) : pattern;
  const matches = globTest(glob) ?? (() => false);
  return { takesAway, matches, folder: literalFolder(glob) };
}

/** The literal start of every match. */
function literalFolder(glob: string): string {
  const literal = /^[^*?[\]{}\\]*/.exec(glob)![0];
  return literal.length === glob.length ? glob : literal.slice(0, literal.lastIndexOf('/') + 1);
}

/** The first index whose path is not before `prefix`. */
function firstFrom(prefix: string, sorted: readonly string[]): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle]! < prefix) from = middle + 1;
    else to = middle;
  }
  return from;
}
