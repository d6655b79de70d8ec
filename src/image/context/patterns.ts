import { posix } from 'node:path';
import { FOLDERS, literal, pathTest, type Piece } from '../../core/wildcards.ts';

/**
 * The patterns of a .dockerignore, matched as by moby's patternmatcher: in order, the last match
 * decides, `!` includes again, and a pattern that matches a directory applies to everything in it.
 */
export class PathPatterns {
  readonly #patterns: readonly Pattern[];

  /** Throws an Error that names the first malformed pattern. */
  constructor(lines: readonly string[]) {
    this.#patterns = lines
      .map((line) => line.trim())
      .filter(Boolean)
      .map(parsePattern);
  }

  /** `parent`: the result for the directory that contains the path; `null` at the top. */
  match(path: string, parent: PathMatch | null): PathMatch {
    let matched = false;
    const each = this.#patterns.map((pattern, index) => {
      const inherited = parent?.each[index] ?? false;
      // Like moby, skip a pattern that cannot change the result; it is then not inherited either.
      if (!inherited && pattern.reincludes !== matched) return false;
      const hit = inherited || pattern.test(path);
      if (hit) matched = !pattern.reincludes;
      return hit;
    });
    return { matched, each };
  }

  /**
   * Whether a path under `directory` may match a pattern of this kind (`!` or not) even if the
   * directory does not.
   */
  mayMatchUnder(directory: string, kind: 'reincluding' | 'plain'): boolean {
    return this.#patterns
      .filter((pattern) => pattern.reincludes === (kind === 'reincluding'))
      .some(({ fixed }) => fixed === null || `${fixed}/`.startsWith(`${directory}/`));
  }
}

export interface PathMatch {
  readonly matched: boolean;
  /** The result of each pattern, for the entries in a directory. */
  readonly each: readonly boolean[];
}

interface Pattern {
  readonly reincludes: boolean;
  readonly test: (path: string) => boolean;
  /** The pattern without a trailing `/*` or `/**`; `null` when it has other wildcards. */
  readonly fixed: string | null;
}

function parsePattern(line: string): Pattern {
  const cleaned = cleanPath(line);
  const reincludes = cleaned.startsWith('!');
  const glob = reincludes ? cleaned.slice(1) : cleaned;
  if (glob === '') throw new Error('.dockerignore has a line that contains only "!".');
  const fixed = glob.replace(/\/\*\*$/, '').replace(/\/\*$/, '');
  return {
    reincludes,
    test: compile(glob),
    fixed: /[*?[\]\\^]/.test(fixed) ? null : fixed,
  };
}

/** Whether a name matches a glob without slashes: `*`, `?` and `[a-z]`. */
export function globMatches(glob: string, name: string): boolean {
  return compile(glob)(name);
}

/** As Go's filepath.Clean: no `.`, no inner `..`, no double or trailing slash. */
export function cleanPath(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}

function compile(glob: string): (path: string) => boolean {
  const malformed = (): never => {
    throw new Error(`.dockerignore has a malformed pattern: ${glob}`);
  };
  const characters = Array.from(glob);
  const wildcards = /[?*[\\]/.test(glob.replace(/^\*\*\/?/, ''));
  const pieces: Piece[] = [];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? '';
    const next = characters[at + 1];
    if (character === '*' && next === '*') {
      const atStart = at === 0;
      at++;
      const slash = characters[at + 1] === '/';
      if (slash) at++;
      // `**name` without another wildcard matches any path that ends with `name`.
      const isAnything = at === characters.length - 1 || (atStart && !slash && !wildcards);
      pieces.push(isAnything ? { source: '.', repeats: true } : FOLDERS);
    } else if (character === '*') pieces.push({ source: '[^/]', repeats: true });
    else if (character === '?') pieces.push({ source: '[^/]', repeats: false });
    else if (character === '[') {
      const end = endOfClass(characters, at) ?? malformed();
      pieces.push({ source: characters.slice(at, end + 1).join(''), repeats: false });
      at = end;
    } else if (character === '\\') {
      at++;
      pieces.push(...literal(next ?? malformed()));
    } else pieces.push(...literal(character));
  }
  try {
    return pathTest(pieces);
  } catch {
    return malformed();
  }
}

/** Index of the `]` of the character class that starts at `start`; `null` when it is malformed. */
function endOfClass(characters: readonly string[], start: number): number | null {
  const first = characters[start + 1] === '^' ? start + 2 : start + 1;
  if (characters[first] === ']' || characters[first] === '-') return null;
  for (let at = first; at < characters.length; at++) {
    if (characters[at] === '\\') at++;
    else if (characters[at] === ']') return at;
  }
  return null;
}
