import type { Definitions, InputValues } from './definition.ts';
import type { KnownInputs } from './definitions.ts';
import type { Environment } from '../core/environment.ts';
import type { Issue } from './issue.ts';
import type { Source } from '../core/request.ts';
import type { ReadValues } from './values.ts';

/** Where an action was called. */
export interface InputsOrigin {
  readonly environment: Environment;
  readonly source: Source;
  /** Absolute; relative paths start here. */
  readonly workspace: string;
}

/** What an action was asked for: every input understood, and no rule broken. */
export interface ParsedInputs<D extends Definitions> extends InputsOrigin {
  readonly values: InputValues<D>;
}

/** All that a rule looks at. */
export interface Facts<D extends Definitions> extends ReadValues<D>, InputsOrigin {}

/** Facts of any action that has at least these inputs. */
export type FactsOn<Name extends keyof KnownInputs> = Facts<Pick<KnownInputs, Name>>;

/** What inputs must be together, or with what is there on disk. */
export type Rule<D extends Definitions> = (facts: Facts<D>) => Iterable<Issue>;

/** Whether it was not given at all; one that could not be read was given. */
export function isMissing<Name extends string>(
  {
    values,
    misread,
  }: { readonly values: Readonly<Record<Name, unknown>>; readonly misread: ReadonlySet<string> },
  name: Name,
): boolean {
  return values[name] === null && !misread.has(name);
}

/** Whether an image is to be built: nothing says that there is one. */
export function builds(facts: FactsOn<'image'>): boolean {
  return isMissing(facts, 'image');
}
