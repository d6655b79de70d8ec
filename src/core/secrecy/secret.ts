import { inspect } from 'node:util';

const HIDDEN = '***';

/**
 * A secret text that cannot be printed by accident: as text, as JSON and in a dump it is `***`. Only
 * the code that sends it calls `reveal`; a test knows those files.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}

/** `null` and absent stay what they are. */
export function asSecret(text: string | null): Secret | null {
  return text === null ? null : new Secret(text);
}
