/** `ENOENT` and the like; null: it has none. Not by instanceof, which fails where a test runner has an Error of its own. */
export function errorCode(error: unknown): string | null {
  const coded = typeof error === 'object' && error !== null && 'code' in error;
  return coded && typeof error.code === 'string' ? error.code : null;
}
