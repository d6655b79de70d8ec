import { FOLDERS, literal, pathTest, type Piece } from '../../core/wildcards.ts';

/** Alternatives of `{a,b}` and of `[a]`, which is a class or the name of a folder. */
const MOST_ALTERNATIVES = 1_000;

const ONE: Piece = { source: '[^/]', repeats: false };
const MANY: Piece = { source: '[^/]', repeats: true };
const ANYTHING: Piece = { source: '.', repeats: true };

/**
 * A test whether a path matches a glob: `**` is any depth, also in `**.js`, `*` and `?` stay within a folder, `{a,b}` is
 * either, `[a-z]` is one of these characters or these very characters, and a backslash takes the next
 * one literally. `null` for a glob with too many alternatives. Pure.
 */
export function globTest(glob: string): ((path: string) => boolean) | null {
  const alternatives = alternativesOf(glob);
  if (alternatives === null) return null;
  const tests = alternatives.flatMap(withFolderItself).map((tokens) => pathTest(piecesOf(tokens)));
  return (path) => tests.some((matches) => matches(path));
}

/** A character that stands for itself, or a part with a meaning. */
type Token = { readonly is: string } | { readonly wild: '*' | '?' } | { readonly oneOf: string };

/** `null` when there are too many. */
function alternativesOf(glob: string): readonly (readonly Token[])[] | null {
  let all: (readonly Token[])[] = [[]];
  const append = (options: readonly (readonly Token[])[]) => {
    all = all.flatMap((before) => options.map((option) => [...before, ...option]));
  };
  for (let at = 0; at < glob.length && all.length <= MOST_ALTERNATIVES;) {
    const { options, end } = partAt(glob, at);
    if (options === null || all.length * options.length > MOST_ALTERNATIVES) return null;
    append(options);
    at = end;
  }
  return all;
}

interface Part {
  /** What the part may be; `null` for too many. */
  readonly options: readonly (readonly Token[])[] | null;
  /** Where the next part begins. */
  readonly end: number;
}

function partAt(glob: string, at: number): Part {
  const character = glob[at]!;
  const one = (token: Token, length = 1): Part => ({ options: [[token]], end: at + length });
  if (character === '\\' && at + 1 < glob.length) return one({ is: glob[at + 1]! }, 2);
  if (character === '*' || character === '?') return one({ wild: character });
  if (character === '[') return classAt(glob, at) ?? one({ is: character });
  if (character === '{') return bracesAt(glob, at) ?? one({ is: character });
  return one({ is: character });
}

/** `null` when it is not closed, or is empty. */
function classAt(glob: string, at: number): Part | null {
  const [whole, not, inside] = /^\[([!^]?)([^\]/]+)\]/.exec(glob.slice(at)) ?? [];
  if (whole === undefined) return null;
  const characters = inside!.replaceAll(/[\\[\]^]/g, '\\$&');
  const source = not === '' ? `[${characters}]` : `(?!/)[^${characters}]`;
  const itself = Array.from(whole, (is) => ({ is }));
  return { options: isRange(source) ? [[{ oneOf: source }], itself] : [itself], end: at + whole.length };
}

/** `[z-a]` is not a range of characters. */
function isRange(source: string): boolean {
  try {
    void RegExp(source, 'u');
    return true;
  } catch {
    return false;
  }
}

/** `null` when they are not closed, or have nothing to choose from. */
function bracesAt(glob: string, at: number): Part | null {
  const commas: number[] = [];
  let depth = 0;
  for (let index = at; index < glob.length; index += 1) {
    const character = glob[index];
    if (character === '\\') index += 1;
    else if (character === '{') depth += 1;
    else if (character === ',' && depth === 1) commas.push(index);
    else if (character === '}') {
      depth -= 1;
      if (depth > 0) continue;
      if (commas.length === 0) return null;
      const cuts = [at, ...commas, index];
      const options = cuts.slice(1).map((end, turn) => alternativesOf(glob.slice(cuts[turn]! + 1, end)));
      const isShort = options.every((option) => option !== null);
      return { options: isShort ? options.flat() : null, end: index + 1 };
    }
  }
  return null;
}

/** `web/**` is also `web` itself. */
function withFolderItself(tokens: readonly Token[]): readonly (readonly Token[])[] {
  let folder = tokens;
  while (isSlash(folder.at(-3)) && isStar(folder.at(-2)) && isStar(folder.at(-1)))
    folder = folder.slice(0, -3);
  return folder === tokens || isStar(folder.at(-1)) ? [tokens] : [tokens, folder];
}

function piecesOf(tokens: readonly Token[]): readonly Piece[] {
  const [first, second, third] = tokens;
  const isByEnding = isStar(first) && isStar(second) && is('.', third) && !tokens.some(isSlash);
  if (isByEnding) return [ANYTHING, ...segmentOf(tokens.slice(2))];
  const pieces: Piece[] = [];
  for (let at = 0; at < tokens.length;) {
    const length = tokens.slice(at).findIndex(isSlash);
    const segment = tokens.slice(at, length === -1 ? tokens.length : at + length);
    const isLast = at + segment.length === tokens.length;
    const isDeep = segment.length === 2 && segment.every(isStar);
    if (isDeep) pieces.push(isLast ? ANYTHING : FOLDERS);
    else pieces.push(...segmentOf(segment), ...(isLast ? [] : literal('/')));
    at += segment.length + 1;
  }
  return pieces;
}

/** What lies between two slashes. */
function segmentOf(segment: readonly Token[]): readonly Piece[] {
  // A name has at least one character.
  if (segment.length > 0 && segment.every(isStar)) return [ONE, MANY];
  return segment.flatMap((token, index): readonly Piece[] => {
    if ('is' in token) return literal(token.is);
    if ('oneOf' in token) return [{ source: token.oneOf, repeats: false }];
    if (token.wild === '?') return [ONE];
    return isStar(segment[index - 1]) ? [] : [MANY];
  });
}

function isStar(token: Token | undefined): boolean {
  return token !== undefined && 'wild' in token && token.wild === '*';
}

function is(character: string, token: Token | undefined): boolean {
  return token !== undefined && 'is' in token && token.is === character;
}

const isSlash = (token: Token | undefined): boolean => is('/', token);
