/** Errors of AWS come in words already. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
