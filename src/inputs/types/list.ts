import { type InputType, type Parsed, type ParseProblem, shown } from './input-type.ts';

/** Entries separated by newlines or commas, each of one kind. Duplicates are mistakes. */
export function list<T>(
  item: InputType<T>,
  { allowed }: { readonly allowed: string },
): InputType<readonly T[]> {
  return {
    allowed: `${allowed}, separated by commas or newlines`,
    form: 'list',
    parse: (given) =>
      each(
        entries(given).flatMap(({ text }) => text.split(',')),
        item,
      ),
  };
}

/** Entries of one kind, one per line. Commas belong to the entry. Duplicates are mistakes. */
export function lines<T>(
  item: InputType<T>,
  { allowed }: { readonly allowed: string },
): InputType<readonly T[]> {
  return {
    allowed: `${allowed}, one per line`,
    form: 'list',
    parse: (given) =>
      each(
        entries(given).map(({ text }) => text),
        item,
      ),
  };
}

function each<T>(texts: readonly string[], item: InputType<T>): Parsed<readonly T[]> {
  const values: T[] = [];
  const problems: ParseProblem[] = [];
  const seen = new Set<string>();
  for (const text of texts.map((text) => text.trim()).filter((text) => text !== '')) {
    if (seen.has(text))
      problems.push({ problem: `${shown(text)} is given twice`, fix: 'remove one of the two' });
    seen.add(text);
    const parsed = item.parse(text);
    if ('value' in parsed) values.push(parsed.value);
    else problems.push(...parsed.problems);
  }
  return problems.length > 0 ? { problems } : { value: values };
}

export interface ListEntry {
  readonly text: string;
  /** Number of its first line, starting at 1. */
  readonly line: number;
}

/**
 * The entries of a text, one per line, trimmed, without blank ones. An entry that is quoted as a
 * whole may have several lines, with "" for a quote in it, as in Docker's own actions.
 */
export function entries(given: string): readonly ListEntry[] {
  const found: ListEntry[] = [];
  for (const match of given.matchAll(/^[ \t]*"((?:[^"]|"")*)"[ \t]*$|^[^\r\n]+$/gm)) {
    const entry = match[1]?.replaceAll('""', '"') ?? match[0].trim();
    if (entry !== '') found.push({ text: entry, line: given.slice(0, match.index).split('\n').length });
  }
  return found;
}
