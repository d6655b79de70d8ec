import { invisibleIn } from '../../core/plain-text.ts';
import { type InputType, type Parsed, type ParseProblem, shown } from './input-type.ts';
import { type ListEntry, entries } from './list.ts';

interface MapOptions {
  /** Completes "It takes ...". */
  readonly allowed: string;
  /** What a key may be made of. */
  readonly key: RegExp;
  /** True: nothing is ever shown but where it stands. */
  readonly secret?: boolean;
  /** What is wrong with a value, told without showing it; null: nothing. */
  readonly valueProblem?: (value: string) => { readonly problem: string; readonly fix: string } | null;
}

/** `KEY=value` on a line each. The first `=` separates; an empty value stays an empty value. */
export function map(options: MapOptions): InputType<ReadonlyMap<string, string>> {
  return {
    allowed: options.allowed,
    secret: options.secret ?? false,
    form: 'map',
    parse: (given) => pairs<never>(given, options, (entry) => withoutSeparator(entry, options)),
  };
}

/** The same, where a `KEY` alone is allowed too: its value is null. */
export function mapWithBareKeys(options: MapOptions): InputType<ReadonlyMap<string, string | null>> {
  return {
    allowed: options.allowed,
    secret: options.secret ?? false,
    form: 'map',
    parse: (given) => pairs<null>(given, options, () => null),
  };
}

/** `bare` says what an entry without a separator is: null for a key alone, or a problem. */
function pairs<Bare extends null>(
  given: string,
  { key: grammar, valueProblem, secret = false }: MapOptions,
  bare: (entry: ListEntry) => Bare | ParseProblem,
): Parsed<ReadonlyMap<string, string | Bare>> {
  const values = new Map<string, string | Bare>();
  const lineOf = new Map<string, number>();
  const problems: ParseProblem[] = [];
  for (const entry of entries(given)) {
    const { text, line } = entry;
    const separator = text.indexOf('=');
    const key = separator === -1 ? text : text.slice(0, separator);
    const value = separator === -1 ? bare(entry) : text.slice(separator + 1);
    if (value !== null && typeof value === 'object') {
      problems.push(value);
      continue;
    }
    const earlier = lineOf.get(key);
    lineOf.set(key, line);
    if (!grammar.test(key) || invisibleIn(key) !== null) {
      problems.push({
        problem: `the part of line ${line} before "=" is no valid name`,
        fix: 'write KEY=value',
      });
    } else if (key.startsWith('"')) {
      problems.push({
        problem: `line ${line} begins with a quote that does not end`,
        fix: 'put quotes around the whole entry or none, and two of them for one inside',
      });
    } else if (earlier !== undefined) {
      problems.push({
        problem: secret
          ? `the same name is in lines ${earlier} and ${line}`
          : `${key} is set twice, in lines ${earlier} and ${line}`,
        fix: 'remove one of the two',
      });
    } else {
      const refused = typeof value === 'string' ? (valueProblem?.(value) ?? null) : null;
      if (refused !== null) {
        // Of a secret's second line, a part looks like a name.
        problems.push({ ...refused, problem: `${secret ? `line ${line}` : key} ${refused.problem}` });
      }
      values.set(key, value);
    }
  }
  return problems.length > 0 ? { problems } : { value: values };
}

function withoutSeparator({ text, line }: ListEntry, { secret }: MapOptions): ParseProblem {
  return {
    problem: secret ? `line ${line} has no "="` : `line ${line}, ${shown(text)}, has no "="`,
    fix: 'write KEY=value, and quotes around the whole entry where a value has several lines',
  };
}
