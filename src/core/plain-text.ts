import { stripVTControlCharacters } from 'node:util';

/**
 * The one place where foreign text (containers' output, commit messages, errors of AWS, file names) is made harmless for people to
 * read: no terminal sequences, no control characters, nothing that turns the direction of writing, no half characters.
 */
export function plainLines(text: string): string[] {
  return stripVTControlCharacters(text.toWellFormed())
    .split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/u)
    .map((line) => line.replaceAll('\t', '    ').replaceAll(INVISIBLE, '').trimEnd());
}

/** The same on one line, cut to `limit` characters. */
export function plainText(text: string, limit = 2_000): string {
  // Of megabytes on one line only the beginning is ever shown.
  const words = plainLines(text.slice(0, 10 * limit))
    .join(' ')
    .replaceAll(/ {2,}/gu, ' ')
    .trim();
  return cut(words, limit);
}

/** At most `limit` characters, the last one an ellipsis where some are missing. */
export function cut(text: string, limit = 2_000): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1).toWellFormed()}…`;
}

/**
 * A line that is printed can command the runner: `::name::` after nothing but blanks, `##[name]` anywhere (the older form), whatever
 * made the line break before it. Every line of the log passes here, or in `printable`, last.
 */
export function uncommanding(line: string): string {
  return line.replace(/^(\s*):(?=:)/u, '$1: ').replaceAll('##[', '## [');
}

/** Foreign text as lines of the log. */
export function printable(text: string): string[] {
  return plainLines(text).map((line) => uncommanding(cut(line)));
}

/** Signs that nobody sees and nobody means: control characters, and those that turn the direction of writing. */
export const INVISIBLE =
  /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/gu;

/** The first of them, as `U+202E`; null: there is none. */
export function invisibleIn(text: string): string | null {
  const [found] = text.match(INVISIBLE) ?? [];
  return found === undefined
    ? null
    : `U+${found.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}
