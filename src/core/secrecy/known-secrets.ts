/** The forms in which tools and registries repeat a secret. Pure. */
export function writtenForms(secret: string): readonly string[] {
  return [
    secret,
    encodeURIComponent(secret.toWellFormed()),
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
