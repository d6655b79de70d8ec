const LONGEST_VALUE = 256;

/**
 * A sentence as the value of a tag, encoded because a tag does not allow all of its characters. Keeps
 * as many whole characters as fit beside `used` others.
 */
export function packedText(text: string, used = 0): string {
  let kept = text.toWellFormed();
  while (Buffer.from(kept).toString('base64url').length > LONGEST_VALUE - used)
    kept = kept.slice(0, -1).toWellFormed();
  return Buffer.from(kept).toString('base64url');
}

export function unpackedText(value: string): string {
  return Buffer.from(value, 'base64url').toString();
}
