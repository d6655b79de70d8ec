import type { Request } from '../core/request.ts';

/** Lines of a longer secret that are too short to be secret: masking every `}` of a JSON key would black out the log. */
const LEAST_LINE = 4;

/** What must be masked before anything is printed: each secret whole, and line by line, since the log is masked by lines. */
export function secretsOf({
  image,
  rollout,
}: Pick<Request, 'image'> & Partial<Pick<Request, 'rollout'>>): readonly string[] {
  const secrets = [
    ...(image.kind === 'given' ? [] : [image.push.password, ...Object.values(image.buildSecrets)]),
    // Whoever knows such a URL may speak for the tests behind it.
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
