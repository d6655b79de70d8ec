import { secretParts } from '../core/secrecy/known-secrets.ts';

/**
 * Removes secrets from text. The runner masks its log, but not files, summaries or other logs. Each
 * line of a secret with several lines is removed too, except very short ones, which would match
 * everywhere.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const parts = secretParts(secrets).sort((a, b) => b.length - a.length);
  return (text) => parts.reduce((redacted, part) => redacted.replaceAll(part, '***'), text);
}
