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
