import { stripVTControlCharacters } from 'node:util';

/**
 * Makes text from outside (container output, commit messages, AWS errors, file names) safe to
 * display: removes terminal sequences, control characters, bidirectional controls and unpaired
 * surrogates. All such text passes here.
 */
export function plainLines(text: string): string[] {
  return stripVTControlCharacters(text.toWellFormed())
    .split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/u)
    .map((line) => line.replaceAll('\t', '    ').replaceAll(INVISIBLE, '').trimEnd());
}

/** Like `plainLines`, on one line of at most `limit` characters. */
export function plainText(text: string, limit = 2_000): string {
  // Very long lines are cut first, because only their start is shown.
  const words = plainLines(text.slice(0, 10 * limit))
    .join(' ')
    .replaceAll(/ {2,}/gu, ' ')
    .trim();
  return cut(words, limit);
}

/** At most `limit` characters, ending with an ellipsis when the text was cut. */
export function cut(text: string, limit = 2_000): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1).toWellFormed()}…`;
}

/**
 * Disables workflow commands in a printed line: `::name::` at the start, `##[name]` (the older
 * form) anywhere. Every line of the log passes here, or through `printable`, last.
 */
export function uncommanding(line: string): string {
  return line.replace(/^(\s*):(?=:)/u, '$1: ').replaceAll('##[', '## [');
}

/** Text from outside as lines of the log. */
export function printable(text: string): string[] {
  return plainLines(text).map((line) => uncommanding(cut(line)));
}

/** Invisible characters: control characters and bidirectional controls. */
export const INVISIBLE =
  /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/gu;

/** The first invisible character, as `U+202E`; `null` when there is none. */
export function invisibleIn(text: string): string | null {
  const [found] = text.match(INVISIBLE) ?? [];
  return found === undefined
    ? null
    : `U+${found.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}
