import type { Definitions, InputValues } from './definition.ts';
import type { KnownInputs } from './definitions.ts';
import type { Environment } from '../core/environment.ts';
import type { Issue } from './issue.ts';
import type { Source } from '../core/request.ts';
import type { ReadValues } from './values.ts';

/** The context of a call of an action. */
export interface InputsOrigin {
  readonly environment: Environment;
  readonly source: Source;
  /** Absolute path that relative paths start from. */
  readonly workspace: string;
}

/** The valid inputs of an action. */
export interface ParsedInputs<D extends Definitions> extends InputsOrigin {
  readonly values: InputValues<D>;
}

/** The data that a rule checks. */
export interface Facts<D extends Definitions> extends ReadValues<D>, InputsOrigin {}

/** Facts of an action that has at least these inputs. */
export type FactsOn<Name extends keyof KnownInputs> = Facts<Pick<KnownInputs, Name>>;

/** Checks inputs against each other, or against files. */
export type Rule<D extends Definitions> = (facts: Facts<D>) => Iterable<Issue>;

/** Whether the input was not given. An input with an invalid value counts as given. */
export function isMissing<Name extends string>(
  {
    values,
    misread,
  }: { readonly values: Readonly<Record<Name, unknown>>; readonly misread: ReadonlySet<string> },
  name: Name,
): boolean {
  return values[name] === null && !misread.has(name);
}

/** Whether an image is built: no existing image is given. */
export function builds(facts: FactsOn<'image'>): boolean {
  return isMissing(facts, 'image');
}
