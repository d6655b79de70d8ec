import { withoutSecrets } from '../../core/secrecy/secret-text.ts';

/** Parses the text of an input. Checks that need files or other inputs are rules. */
export interface InputType<T> {
  /** Completes "Allowed: ...". */
  readonly allowed: string;
  /** True if no part of the text may be shown. */
  readonly secret?: boolean;
  /** The form that ecs-ramp.yml accepts in addition to text. */
  readonly form?: Form;
  /** `text` is trimmed and not empty. */
  parse(text: string): Parsed<T>;
}

/** `list`: one text per entry. `map`: KEY: value. `choices`: one of these. */
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

/** The text for a message: quoted, on one line, without secrets, shortened if necessary. */
export function shown(text: string): string {
  const line = withoutSecrets(text).replaceAll(/\s+/g, ' ');
  return `"${line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN)}...` : line}"`;
}
