import { secretParts } from '../core/secrecy/known-secrets.ts';
import { isSecretName, looksSecret } from '../core/secrecy/secret-text.ts';
import type { Definitions } from './definition.ts';

/** A shorter value of a variable is not masked: `1` would be masked everywhere. */
const LEAST_VALUE = 4;

/**
 * The values to mask before anything is printed: of inputs that are declared secret, of variables
 * whose name or content says so, and of the URLs of webhook gates. Each as a whole and line by
 * line, because the runner masks lines.
 */
export function secretsOf(
  definitions: Definitions,
  values: Readonly<Record<string, unknown>>,
): readonly string[] {
  const secrets = Object.entries(values).flatMap(([name, value]) => {
    // These are references to secrets.
    if (name === 'secrets') return [];
    const isSecret = definitions[name]?.type.secret === true;
    if (value instanceof Map) return [...value].flatMap((pair) => ofVariable(pair, isSecret));
    if (name === 'gates' && Array.isArray(value)) return value.flatMap(ofGate);
    return isSecret && typeof value === 'string' ? [value, ...partsOfUrl(value)] : [];
  });
  return secretParts(secrets);
}

function ofVariable([name, value]: readonly [unknown, unknown], isSecret: boolean): readonly string[] {
  if (typeof value !== 'string') return [];
  if (isSecret) return [value];
  const isToHide = isSecretName(String(name)) || looksSecret(value);
  return isToHide && value.length >= LEAST_VALUE ? [value] : [];
}

/** Anyone who knows the URL of a webhook gate can call it. */
function ofGate(gate: { readonly url?: unknown }): readonly string[] {
  return typeof gate.url === 'string' ? [gate.url, ...partsOfUrl(gate.url)] : [];
}

/** Errors and servers may repeat only a part of a URL. */
function partsOfUrl(text: string): readonly string[] {
  const url = /^https?:/.test(text) ? URL.parse(text) : null;
  if (url === null) return [];
  const parts = [url.href, url.password, ...url.searchParams.values(), `${url.pathname}${url.search}`];
  return parts.filter((part) => part.length >= 6);
}
