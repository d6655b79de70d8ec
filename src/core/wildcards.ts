/**
 * A part of a pattern of paths: one character (`[^/]`, `a`, `[a-z]` as a regular expression), or any
 * number of them.
 */
export interface Characters {
  readonly source: string;
  readonly repeats: boolean;
  /** The only character that it can be, if there is one. */
  readonly is?: string;
}

/** Nothing, or any text that ends with a slash. */
export const FOLDERS = 'folders';

export type Piece = Characters | typeof FOLDERS;

export const literal = (text: string): readonly Piece[] =>
  Array.from(text, (character) => ({ source: escaped(character), repeats: false, is: character }));

/** Up to so many parts of any length, a regular expression is fast whatever the path is. */
const FEW = 2;

/**
 * A test whether the pieces match a whole path. Its time grows with pieces times characters at most,
 * where a regular expression alone would try every division of the path. Throws SyntaxError when a
 * `source` is not a regular expression.
 */
export function pathTest(pieces: readonly Piece[]): (path: string) => boolean {
  const ofAnyLength = pieces.filter((piece) => piece === FOLDERS || piece.repeats).length;
  if (ofAnyLength > FEW) return stepByStep(pieces);
  const source = pieces.map((piece) =>
    piece === FOLDERS ? '(?:.*/)?' : `${piece.source}${piece.repeats ? '*' : ''}`,
  );
  const expression = new RegExp(`^${source.join('')}$`, 'su');
  return (path) => expression.test(path);
}

/** A piece may match the next character; `FOLDERS` has matched a character. */
const NEXT = 1;
const BEGUN = 2;

/** Follows all ways to match at once, one character after the other (Thompson, 1968). */
function stepByStep(pieces: readonly Piece[]): (path: string) => boolean {
  const steps = pieces.map((piece) => ({
    isFolders: piece === FOLDERS,
    mayBeNothing: piece === FOLDERS || piece.repeats,
    accepts: piece === FOLDERS ? () => true : characterTest(piece),
  }));
  const end = steps.length;
  const enter = (states: Uint8Array, from: number) => {
    for (let index = from; ; index++) {
      // What follows was entered with it.
      if ((states[index]! & NEXT) !== 0) return;
      states[index]! |= NEXT;
      if (index === end || !steps[index]!.mayBeNothing) return;
    }
  };
  const text = longestText(pieces);
  return (path) => {
    if (!path.includes(text)) return false;
    let states = new Uint8Array(end + 1);
    let after = new Uint8Array(end + 1);
    enter(states, 0);
    for (const character of path) {
      after.fill(0);
      for (let index = 0; index < end; index++) {
        const state = states[index]!;
        if (state === 0) continue;
        const { isFolders, mayBeNothing, accepts } = steps[index]!;
        if (isFolders) {
          after[index]! |= BEGUN;
          if (character === '/') enter(after, index + 1);
        } else if (accepts(character)) enter(after, mayBeNothing ? index : index + 1);
      }
      [states, after] = [after, states];
    }
    return states[end] === NEXT;
  };
}

/** The longest text that every match contains: most paths lack it. */
function longestText(pieces: readonly Piece[]): string {
  let longest = '';
  let text = '';
  for (const piece of pieces) {
    text = piece !== FOLDERS && piece.is !== undefined ? text + piece.is : '';
    if (text.length > longest.length) longest = text;
  }
  return longest;
}

function characterTest({ source, is }: Characters): (character: string) => boolean {
  if (is !== undefined) return (character) => character === is;
  if (source === '.') return () => true;
  if (source === '[^/]') return (character) => character !== '/';
  const expression = new RegExp(`^(?:${source})$`, 'su');
  return (character) => expression.test(character);
}

function escaped(character: string): string {
  return character.replace(/[\^$\\.*+?()[\]{}|/]/, '\\$&');
}
