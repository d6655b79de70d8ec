/** How the text of an input becomes a value. Knows the text only: files and other inputs are for the rules. */
export interface InputType<T> {
  /** Completes "It takes ...". */
  readonly allowed: string;
  /** True: neither the text nor a part of it may be shown. */
  readonly secret?: boolean;
  /** What a file with types may write it as, besides text. */
  readonly form?: Form;
  /** `text` is trimmed and not empty. */
  parse(text: string): Parsed<T>;
}

/** list: of texts, one an entry. map: KEY: value. choices: one of these. */
export type Form = 'number' | 'truth' | 'list' | 'map' | { readonly choices: readonly string[] };

export type Parsed<T> = { readonly value: T } | { readonly problems: readonly ParseProblem[] };

export interface ParseProblem {
  /** What is wrong, as a clause: `"5" has no unit`. */
  readonly problem: string;
  /** What to do, as a clause: `write 5m or 5s`. */
  readonly fix: string;
}

export function wrong(problem: string, fix: string): { readonly problems: readonly ParseProblem[] } {
  return { problems: [{ problem, fix }] };
}

const LONGEST_SHOWN = 80;

/** Text as it is shown in a message: quoted, on one line, not too long. */
export function shown(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return `"${line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN)}...` : line}"`;
}
