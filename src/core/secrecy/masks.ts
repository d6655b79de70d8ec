import { secretParts, writtenForms } from './known-secrets.ts';
import { MASK, withoutSecrets } from './secret-text.ts';

/** Removes secrets from text: the known ones, and what looks like one. */
export interface Masks {
  /** Adds a known secret. */
  readonly mask: (secret: string) => void;
  readonly masked: (text: string) => string;
}

/** Shorter secrets are not searched for: they would match everywhere. */
const SHORTEST = 4;

export function createMasks(secrets: Iterable<string> = []): Masks {
  let known: readonly string[] = [];
  const mask = (secret: string) => {
    const forms = secretParts([secret])
      .filter((part) => part.length >= SHORTEST)
      .flatMap(writtenForms);
    // The longest first: one may contain another.
    known = [...new Set([...known, ...forms])].sort((a, b) => b.length - a.length);
  };
  for (const secret of secrets) mask(secret);
  return {
    mask,
    masked: (text) => withoutSecrets(known.reduce((shown, secret) => shown.replaceAll(secret, MASK), text)),
  };
}

/**
 * The same value without secrets in its texts. Numbers and structure stay, and so do ARNs, digests
 * and the words of ecs-ramp: later steps read them again.
 */
export function maskedIn<T>(value: T, masked: (text: string) => string): T;
export function maskedIn(value: unknown, masked: (text: string) => string): unknown {
  if (typeof value === 'string') return IDENTIFIER.test(value) ? value : masked(value);
  if (Array.isArray(value)) return value.map((entry: unknown) => maskedIn(entry, masked));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, OWN.has(name) ? member : maskedIn(member, masked)]),
  );
}

const IDENTIFIER = /^(?:arn:aws[\w-]*:[\w:/.@+=,-]+|(?:[\w./:-]+@)?sha256:[0-9a-f]{64})$/;
/** Members whose values are words of ecs-ramp. */
const OWN: ReadonlySet<string> = new Set(['kind', 'level', 'outcome', 'cause', 'verdict']);
