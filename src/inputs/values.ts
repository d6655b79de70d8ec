import type { Definition, Definitions, UncheckedValues } from './definition.ts';
import { type Parsed, wrong } from './types/input-type.ts';
import { type Issue, inputIssue } from './issue.ts';

/** The given texts, parsed by the type of each input. */
export interface ReadValues<D extends Definitions> {
  readonly values: UncheckedValues<D>;
  /** Inputs with an invalid text. Their value is the default, and rules must not check it. */
  readonly misread: ReadonlySet<string>;
}

/** File names, variables and arguments cannot contain NUL. */
const HAS_NUL = wrong('it contains a NUL character', 'remove it');

/** Reads each input by itself. `issues` has everything that is wrong. */
export function readValues<D extends Definitions>(
  definitions: D,
  { texts }: { readonly texts: ReadonlyMap<string, string> },
): ReadValues<D> & { readonly issues: readonly Issue[] } {
  const values: Record<string, unknown> = {};
  const issues: Issue[] = [];
  const misread = new Set<string>();
  for (const [name, definition] of Object.entries<Definition>(definitions)) {
    const { type, default: byDefault, required } = definition;
    const text = texts.get(name);
    if (text === undefined && required !== undefined) {
      issues.push(inputIssue(name, { problem: 'it is missing', fix: required }));
    }
    const parsed = text === undefined ? null : text.includes('\0') ? HAS_NUL : type.parse(text);
    if (parsed !== null && 'value' in parsed) {
      values[name] = parsed.value;
      continue;
    }
    values[name] = byDefault === null ? null : known(type.parse(byDefault));
    if (parsed === null) continue;
    misread.add(name);
    const given = type.secret ? null : (text ?? null);
    for (const problem of parsed.problems) {
      issues.push(inputIssue(name, { given, allowed: type.allowed, ...problem }));
    }
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each value was parsed by the type that defines its type
  return { values: values as unknown as UncheckedValues<D>, issues, misread };
}

function known(parsed: Parsed<unknown>): unknown {
  if ('value' in parsed) return parsed.value;
  throw new Error(`a default is invalid: ${parsed.problems.map(({ problem }) => problem).join(', ')}`);
}
