import { parseArgs } from 'node:util';
import type { InputType } from '../inputs/types/input-type.ts';
import { inputIssue, type Issue } from '../inputs/issue.ts';
import { nearest } from '../core/did-you-mean.ts';

/** One option: the source for the help and the validation. */
export interface Option {
  readonly description: string;
  /** Name of the value in the help. Absent for a flag, like `type`. */
  readonly value?: string;
  readonly type?: InputType<unknown>;
  /** As a user writes it. */
  readonly default?: string;
  /** The option can be repeated: each text is a line of its value. */
  readonly repeatable?: boolean;
}

/** Options by name, without the dashes. */
export type Options = Readonly<Record<string, Option>>;

type Value<O extends Option> = O extends { readonly type: InputType<infer T> }
  ? O extends { readonly default: string }
    ? T
    : T | null
  : boolean;

/** The parsed options; `null` if an option without a default is not given. */
export type OptionValues<O extends Options> = { readonly [Name in keyof O]: Value<O[Name]> };

export interface CommandLine<O extends Options> {
  readonly values: OptionValues<O>;
  /** Options that were given, valid or not. */
  readonly given: ReadonlySet<string>;
  readonly positionals: readonly string[];
  readonly issues: readonly Issue[];
}

/**
 * Reads the arguments of a command. `issues` has everything that is wrong. An invalid value becomes
 * the default.
 */
export function readCommandLine<const O extends Options>(
  options: O,
  args: readonly string[],
): CommandLine<O> {
  const { texts, given, positionals, issues } = splitCommandLine(options, args);
  const values = Object.entries<Option>(options).map(([name, { type, default: byDefault }]) => {
    const text = texts.get(name);
    if (type === undefined) return [name, text !== undefined];
    const parsed = text === undefined ? null : type.parse(text);
    if (parsed !== null && 'value' in parsed) return [name, parsed.value];
    for (const problem of parsed?.problems ?? []) {
      issues.push(inputIssue(`--${name}`, { given: text ?? null, allowed: type.allowed, ...problem }));
    }
    return [name, byDefault === undefined ? null : known(type, byDefault)];
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each value was parsed by the type that defines its type
  return { values: Object.fromEntries(values) as OptionValues<O>, given, positionals, issues };
}

interface Split {
  /** Texts by option; empty for a flag. */
  readonly texts: Map<string, string>;
  readonly given: ReadonlySet<string>;
  readonly positionals: readonly string[];
  readonly issues: Issue[];
}

/** Splits the arguments without parsing the values of the options. */
export function splitCommandLine(options: Options, args: readonly string[]): Split {
  const types = Object.entries(options).map(([name, { type }]) => [
    name,
    { type: type === undefined ? ('boolean' as const) : ('string' as const) },
  ]);
  // In strict mode, it would throw at the first mistake.
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

/** Without this, the parser reads `--to` as the value of `--from` in `--from --to 3h`. */
const withoutSwallowing = (args: readonly string[], options: Options): string[] =>
  args.map((arg, index) => {
    const name = arg.slice(2);
    const takesValue =
      arg.startsWith('--') && Object.hasOwn(options, name) && options[name]?.type !== undefined;
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
  if (option.type === undefined) return value === undefined ? null : { problem: 'it takes no value' };
  return value === undefined || value === '' ? { problem: 'it has no value' } : null;
}

function fixFor(option: Option | undefined, name: string, options: Options): string {
  if (option !== undefined) return `write ${optionInWords(name, option)} once`;
  const meant = nearest(name, Object.keys(options));
  return meant === null ? 'remove it; --help lists the options' : `did you mean --${meant}?`;
}

/** `--share PERCENT`, or `--explain` for a flag. */
export const optionInWords = (name: string, { value }: Option): string =>
  value === undefined ? `--${name}` : `--${name} ${value}`;

function known(type: InputType<unknown>, byDefault: string): unknown {
  const parsed = type.parse(byDefault);
  if ('value' in parsed) return parsed.value;
  throw new Error(`a default is invalid: ${byDefault}`);
}
