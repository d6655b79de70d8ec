import type { Request } from './request.ts';

/** Lines of a longer secret that are too short to be secret: masking every `}` of a JSON key would black out the log. */
const LEAST_LINE = 4;

/** What must be masked before anything is printed: each secret whole, and line by line, since the log is masked by lines. */
export function secretsOf({ image }: Pick<Request, 'image'>): readonly string[] {
  if (image.kind === 'given') return [];
  const secrets = [image.push.password, ...Object.values(image.buildSecrets)];
  const masks = new Set<string>();
  for (const secret of secrets) {
    if (!secret) continue;
    masks.add(secret);
    const lines = secret.split(/[\r\n]+/).map((line) => line.trim());
    for (const line of lines) if (line.length >= LEAST_LINE) masks.add(line);
  }
  return [...masks];
}
