/**
 * Removes secrets from text. The runner masks its log, but not files, summaries or other logs. Each
 * line of a secret with several lines is removed too, except very short ones, which would match
 * everywhere.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const parts = secretParts(secrets).sort((a, b) => b.length - a.length);
  return (text) => parts.reduce((redacted, part) => redacted.replaceAll(part, '***'), text);
}

/** The forms in which tools and registries repeat a secret. Pure. */
export function writtenForms(secret: string): readonly string[] {
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('base64url'),
  ];
}

/** Each secret, and each of its lines. */
export function secretParts(secrets: readonly string[]): string[] {
  const wholes = secrets.map((secret) => secret.trim()).filter((whole) => whole !== '');
  const lines = wholes.flatMap((whole) => whole.split('\n')).map((line) => line.trim());
  return [...new Set([...wholes, ...lines.filter((line) => line.length >= 4)])];
}
