/** Masks secrets in printed text: outside a runner, nothing else does. */
export interface Masks {
  readonly mask: (secret: string) => void;
  readonly masked: (text: string) => string;
}

export function createMasks(secrets: Iterable<string> = []): Masks {
  const hidden = new Set(secrets);
  return {
    mask: (secret) => void hidden.add(secret),
    masked: (text) => [...hidden].reduce((shown, secret) => shown.replaceAll(secret, '***'), text),
  };
}
