/**
 * Takes secrets out of text. The runner masks its log, but not the files and summaries that are written, nor a log elsewhere.
 * Lines of a secret of several lines are secrets too; very short ones would blot out everything.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const parts = secretParts(secrets).sort((a, b) => b.length - a.length);
  return (text) => parts.reduce((redacted, part) => redacted.replaceAll(part, '***'), text);
}

/** Each secret, and each of its lines. */
export function secretParts(secrets: readonly string[]): string[] {
  const parts = secrets.flatMap((secret) => [secret, ...secret.split('\n')]).map((part) => part.trim());
  return [...new Set(parts)].filter((part) => part.length >= 4);
}
