import type { Request } from '../core/request.ts';

/**
 * Shorter lines of a secret are not masked: masking every `}` of a JSON key would make the log
 * unreadable.
 */
const LEAST_LINE = 4;

/**
 * The values to mask before anything is printed: each secret as a whole and line by line, because
 * the runner masks lines.
 */
export function secretsOf({
  image,
  rollout,
}: Pick<Request, 'image'> & Partial<Pick<Request, 'rollout'>>): readonly string[] {
  const secrets = [
    ...(image.kind === 'given' ? [] : [image.push.password, ...Object.values(image.buildSecrets)]),
    // Anyone who knows the URL of a webhook gate can call it.
    ...(rollout?.gates ?? []).map((gate) => (gate.kind === 'webhook' ? gate.url : null)),
  ];
  const masks = new Set<string>();
  for (const secret of secrets) {
    if (!secret) continue;
    masks.add(secret);
    const lines = secret.split(/[\r\n]+/).map((line) => line.trim());
    for (const line of lines) if (line.length >= LEAST_LINE) masks.add(line);
  }
  return [...masks];
}
