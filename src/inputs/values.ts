import { type Definition, definitions, type InputName, inputNames, type Values } from './definitions.ts';
import type { Given } from './given.ts';
import type { Parsed } from './kinds/kind.ts';
import { type Mistake, mistake } from './mistake.ts';

/** The given texts read as what they stand for, each by its own kind. */
export interface Read {
  readonly values: Values;
  readonly mistakes: readonly Mistake[];
  /** Inputs that were given but not understood: their value is the default's, and no rule should judge it. */
  readonly misread: ReadonlySet<InputName>;
}

export function readValues({ texts }: Given): Read {
  const values: Partial<Record<InputName, unknown>> = {};
  const mistakes: Mistake[] = [];
  const misread = new Set<InputName>();
  for (const name of inputNames) {
    const { kind, default: byDefault }: Definition = definitions[name];
    const text = texts.get(name);
    const parsed = text === undefined ? null : kind.parse(text);
    if (parsed !== null && 'value' in parsed) {
      values[name] = parsed.value;
      continue;
    }
    values[name] = byDefault === null ? null : known(kind.parse(byDefault));
    if (parsed === null) continue;
    misread.add(name);
    const given = kind.secret ? null : (text ?? null);
    for (const problem of parsed.problems) {
      mistakes.push(mistake(name, { given, allowed: kind.allowed, ...problem }));
    }
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each was read by the kind that its type comes from
  return { values: values as unknown as Values, mistakes, misread };
}

function known(parsed: Parsed<unknown>): unknown {
  if ('value' in parsed) return parsed.value;
  throw new Error(`a default is not understood: ${parsed.problems.map(({ problem }) => problem).join(', ')}`);
}
