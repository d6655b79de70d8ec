import { parseArgs } from 'node:util';
import type { InputType } from '../inputs/types/input-type.ts';
import { inputIssue, type Issue } from '../inputs/issue.ts';
import { nearest } from '../core/did-you-mean.ts';

/** One option: the source of what the help and the validation say about it. */
export interface Option {
  readonly description: string;
  /** What the help calls the value, and how its text is read. Absent: a flag. */
  readonly value?: string;
  readonly kind?: InputType<unknown>;
  /** As a user would write it. */
  readonly default?: string;
  /** It may be given several times: the texts are its lines. */
  readonly repeatable?: boolean;
}

/** By name, without the dashes. */
export type Options = Readonly<Record<string, Option>>;

type Value<O extends Option> = O extends { readonly kind: InputType<infer T> }
  ? O extends { readonly default: string }
    ? T
    : T | null
  : boolean;

/** What the options say, each of its kind; null: not given and without a default. */
export type OptionValues<O extends Options> = { readonly [Name in keyof O]: Value<O[Name]> };

export interface CommandLine<O extends Options> {
  readonly values: OptionValues<O>;
  /** Options that were given, understood or not. */
  readonly given: ReadonlySet<string>;
  readonly positionals: readonly string[];
  readonly issues: readonly Issue[];
}

/** Reads a command's arguments. All that is wrong with them is in `issues`; a value that was not understood is the default's. */
export function readCommandLine<const O extends Options>(
  options: O,
  args: readonly string[],
): CommandLine<O> {
  const { texts, given, positionals, issues } = splitCommandLine(options, args);
  const values = Object.entries<Option>(options).map(([name, { kind, default: byDefault }]) => {
    const text = texts.get(name);
    if (kind === undefined) return [name, text !== undefined];
    const parsed = text === undefined ? null : kind.parse(text);
    if (parsed !== null && 'value' in parsed) return [name, parsed.value];
    for (const problem of parsed?.problems ?? []) {
      issues.push(inputIssue(`--${name}`, { given: text ?? null, allowed: kind.allowed, ...problem }));
    }
    return [name, byDefault === undefined ? null : known(kind, byDefault)];
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each was read by the kind that its type comes from
  return { values: Object.fromEntries(values) as OptionValues<O>, given, positionals, issues };
}

interface Split {
  /** By option; a flag's is empty. */
  readonly texts: Map<string, string>;
  readonly given: ReadonlySet<string>;
  readonly positionals: readonly string[];
  readonly issues: Issue[];
}

/** The same, where the options' texts are to be read by somebody else. */
export function splitCommandLine(options: Options, args: readonly string[]): Split {
  const types = Object.entries(options).map(([name, { kind }]) => [
    name,
    { type: kind === undefined ? ('boolean' as const) : ('string' as const) },
  ]);
  // Strict, it would throw at the first mistake.
  const { tokens } = parseArgs({
    args: withoutSwallowing(args, options),
    options: Object.fromEntries(types),
    strict: false,
    tokens: true,
  });
  const texts = new Map<string, string>();
  const given = new Set<string>();
  const positionals: string[] = [];
  const issues: Issue[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    const problem = problemOf({ option, again: given.has(name), ...token });
    given.add(name);
    const before = texts.get(name);
    if (problem === null) texts.set(name, before === undefined ? (value ?? '') : `${before}\n${value}`);
    else issues.push(inputIssue(rawName, { fix: fixFor(option, name, options), ...problem }));
  }
  return { texts, given, positionals, issues };
}

/** The parser would take `--to` for the value of `--from --to 3h`. */
const withoutSwallowing = (args: readonly string[], options: Options): string[] =>
  args.map((arg, index) => {
    const name = arg.slice(2);
    const takesValue =
      arg.startsWith('--') && Object.hasOwn(options, name) && options[name]?.kind !== undefined;
    return takesValue && args[index + 1]?.startsWith('--') ? `${arg}=` : arg;
  });

interface Occurrence {
  readonly option: Option | undefined;
  readonly again: boolean;
  readonly value?: string | undefined;
}

function problemOf({ option, again, value }: Occurrence): { readonly problem: string } | null {
  if (option === undefined) return { problem: 'there is no such option' };
  if (again && !option.repeatable) return { problem: 'it is given more than once' };
  if (option.kind === undefined) return value === undefined ? null : { problem: 'it takes no value' };
  return value === undefined || value === '' ? { problem: 'it has no value' } : null;
}

function fixFor(option: Option | undefined, name: string, options: Options): string {
  if (option !== undefined) return `write ${optionInWords(name, option)} once`;
  const meant = nearest(name, Object.keys(options));
  return meant === null ? 'leave it out; --help lists what there is' : `did you mean --${meant}?`;
}

/** `--share PERCENT`, or `--explain` of a flag. */
export const optionInWords = (name: string, { value }: Option): string =>
  value === undefined ? `--${name}` : `--${name} ${value}`;

function known(kind: InputType<unknown>, byDefault: string): unknown {
  const parsed = kind.parse(byDefault);
  if ('value' in parsed) return parsed.value;
  throw new Error(`a default is not understood: ${byDefault}`);
}
