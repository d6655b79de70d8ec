/**
 * The error's code, such as `ENOENT`; `null` when it has none. Without instanceof, which fails in
 * test runners with their own Error.
 */
export function errorCode(error: unknown): string | null {
  const coded = typeof error === 'object' && error !== null && 'code' in error;
  return coded && typeof error.code === 'string' ? error.code : null;
}
