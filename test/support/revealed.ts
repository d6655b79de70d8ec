import { Secret } from '../../src/core/secrecy/secret.ts';

/** The value with all its secrets as text, to be compared: to Jest, all secrets are equal. */
export function revealed(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (value instanceof Map) return new Map([...value].map(([key, entry]) => [key, revealed(entry)]));
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, revealed(member)]));
}
