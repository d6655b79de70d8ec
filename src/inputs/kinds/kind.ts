/** How the text of an input becomes a value. Knows the text only: files and other inputs are for the rules. */
export interface Kind<T> {
  /** Completes "It takes ...". */
  readonly allowed: string;
  /** True: neither the text nor a part of it may be shown. */
  readonly secret?: boolean;
  /** True: it has entries, which may stand on a line each. */
  readonly lines?: true;
  /** `text` is trimmed and not empty. */
  parse(text: string): Parsed<T>;
}

export type Parsed<T> = { readonly value: T } | { readonly problems: readonly Problem[] };

export interface Problem {
  /** What is wrong, as a clause: `"5" has no unit`. */
  readonly problem: string;
  /** What to do, as a clause: `write 5m or 5s`. */
  readonly fix: string;
}

export function wrong(problem: string, fix: string): { readonly problems: readonly Problem[] } {
  return { problems: [{ problem, fix }] };
}

const LONGEST_SHOWN = 80;

/** Text as it is shown in a message: quoted, on one line, not too long. */
export function shown(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return `"${line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN)}...` : line}"`;
}
