import type { Gate } from '../../src/core/request.ts';
import { Secret } from '../../src/core/secrecy/secret.ts';
import { MINUTE } from '../../src/core/time/clock.ts';

type OfKind<Kind> = Extract<Gate, { readonly kind: Kind }>;
type When = Partial<Pick<Gate, 'percent' | 'within'>>;

/** Default: before any production traffic, within twenty minutes. */
export function webhookGate(url: string, when: When = {}): OfKind<'webhook'> {
  const { origin } = new URL(url);
  return { kind: 'webhook', percent: 0, within: 20 * MINUTE, ...when, origin, url: new Secret(url) };
}

export function commandGate(
  program: string,
  {
    args = [],
    directory = '/',
    ...when
  }: When & { readonly args?: readonly string[]; readonly directory?: string } = {},
): OfKind<'command'> {
  const given = { program, args: args.map((text) => new Secret(text)), directory };
  return { kind: 'command', percent: 0, within: 20 * MINUTE, ...when, ...given };
}
