/** What must not be printed: there is no runner that would hide it. */
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
