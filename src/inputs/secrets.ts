import { proxyPasswords } from '../core/proxy.ts';
import { secretParts } from '../core/secrecy/known-secrets.ts';
import { Secret } from '../core/secrecy/secret.ts';
import { isSecretName, looksSecret } from '../core/secrecy/secret-text.ts';
import type { ParsedGate } from './types/gates.ts';
import type { ParsedInputs } from './rule.ts';
import type { Definitions } from './definition.ts';

/** A shorter value of a variable is not masked: `1` would be masked everywhere. */
const LEAST_VALUE = 4;

/**
 * The values to mask before anything is printed: of secret inputs, of variables whose name or content
 * says so, of the URLs of webhook gates, and the passwords of proxies. Each as a whole and line by
 * line, because the runner masks lines.
 */
export function secretsOf({
  values,
  environment,
}: Pick<ParsedInputs<Definitions>, 'values' | 'environment'>): readonly string[] {
  const secrets = Object.entries(values).flatMap(([name, value]) => {
    // These are references to secrets.
    if (name === 'secrets') return [];
    if (value instanceof Map) return [...value].flatMap(ofVariable);
    if (name === 'gates' && Array.isArray(value)) return value.flatMap(ofGate);
    return value instanceof Secret ? withPartsOfUrl(value) : [];
  });
  return secretParts([...secrets, ...proxyPasswords(environment)]);
}

function ofVariable([name, value]: readonly [unknown, unknown]): readonly string[] {
  if (value instanceof Secret) return [value.reveal()];
  if (typeof value !== 'string') return [];
  const isToHide = isSecretName(String(name)) || looksSecret(value);
  return isToHide && value.length >= LEAST_VALUE ? [value] : [];
}

/** Anyone who knows the URL of a webhook gate can call it. */
function ofGate(gate: ParsedGate): readonly string[] {
  return gate.kind === 'webhook' ? withPartsOfUrl(gate.url) : [];
}

/** Errors and servers may repeat only a part of a URL. */
function withPartsOfUrl(secret: Secret): readonly string[] {
  const text = secret.reveal();
  const url = /^https?:/.test(text) ? URL.parse(text) : null;
  if (url === null) return [text];
  const parts = [url.href, url.password, ...url.searchParams.values(), `${url.pathname}${url.search}`];
  return [text, ...parts.filter((part) => part.length >= 6)];
}
