import { invisibleIn } from '../../core/plain-text.ts';
import { Secret } from '../../core/secrecy/secret.ts';
import type { InputType, Parsed, ParseProblem } from './input-type.ts';
import { type ListEntry, entries } from './list.ts';

interface MapOptions {
  /** Completes "Allowed: ...". */
  readonly allowed: string;
  /** Pattern of a valid key. */
  readonly key: RegExp;
  /** True if messages may show only line numbers. */
  readonly secret?: boolean;
  /** The problem with a value, without the value itself; `null` if it is valid. */
  readonly valueProblem?: (value: string) => { readonly problem: string; readonly fix: string } | null;
}

/** One `KEY=value` per line. The first `=` separates; the value may be empty. */
export function map(options: MapOptions): InputType<ReadonlyMap<string, string>> {
  return {
    allowed: options.allowed,
    secret: options.secret ?? false,
    form: 'map',
    parse: (given) => pairs<never>(given, options, withoutSeparator),
  };
}

/** The same, but the values are secret. */
export function secretMap(options: Omit<MapOptions, 'secret'>): InputType<ReadonlyMap<string, Secret>> {
  const texts = map({ ...options, secret: true });
  return {
    ...texts,
    parse(given) {
      const parsed = texts.parse(given);
      if (!('value' in parsed)) return parsed;
      return { value: new Map([...parsed.value].map(([key, value]) => [key, new Secret(value)])) };
    },
  };
}

/** A map in which a `KEY` without a value is allowed too: its value is `null`. */
export function mapWithBareKeys(options: MapOptions): InputType<ReadonlyMap<string, string | null>> {
  return {
    allowed: options.allowed,
    secret: options.secret ?? false,
    form: 'map',
    parse: (given) => pairs<null>(given, options, () => null),
  };
}

/** `bare` returns `null` if an entry without a separator is allowed, or a problem. */
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
        problem: `the part of line ${line} before "=" is not a valid name`,
        fix: 'write KEY=value',
      });
    } else if (key.startsWith('"')) {
      problems.push({
        problem: `line ${line} starts with a quote that is not closed`,
        fix: 'put quotes around the whole entry or use none, and write "" for a quote inside',
      });
    } else if (earlier !== undefined) {
      problems.push({
        problem: secret
          ? `the same name is set twice, in lines ${earlier} and ${line}`
          : `${key} is set twice, in lines ${earlier} and ${line}`,
        fix: 'remove one of the two',
      });
    } else {
      const refused = typeof value === 'string' ? (valueProblem?.(value) ?? null) : null;
      if (refused !== null) {
        // A part of the second line of a secret may look like a name.
        problems.push({ ...refused, problem: `${secret ? `line ${line}` : key} ${refused.problem}` });
      }
      values.set(key, value);
    }
  }
  return problems.length > 0 ? { problems } : { value: values };
}

/** The text is not shown: it may be a line of a value. */
function withoutSeparator({ line }: ListEntry): ParseProblem {
  return {
    problem: `line ${line} has no "="`,
    fix: 'write KEY=value, and put quotes around the whole entry if the value has several lines',
  };
}
