import type { InputType } from './types/input-type.ts';

/** One input: the source for action.yml, the documentation, the validation and `--help`. */
export interface Definition {
  /** One or two plain sentences: meaning, unit, allowed values, default. */
  readonly description: string;
  readonly type: InputType<unknown>;
  /**
   * As a user writes it; `null` without a default, or with one that depends on other inputs (see
   * its description).
   */
  readonly default: string | null;
  /**
   * A GitHub expression that the runner evaluates if the input is not given: the only default in
   * action.yml.
   */
  readonly runnerDefault?: string;
  /**
   * Set if the input is required: the fix if it is missing, as a clause: `name the ECS service to
   * deploy`.
   */
  readonly required?: string;
}

/** Inputs by name. */
export type Definitions = Readonly<Record<string, Definition>>;

type Parsed<D extends Definition> = D extends { readonly type: InputType<infer T> } ? T : never;

/** The parsed inputs; `null` if an optional input without a default is not given. */
export type InputValues<D extends Definitions> = {
  readonly [Name in keyof D]: D[Name] extends { readonly default: string } | { readonly required: string }
    ? Parsed<D[Name]>
    : Parsed<D[Name]> | null;
};

/** The inputs before validation: a required input may be `null`. */
export type UncheckedValues<D extends Definitions> = {
  readonly [Name in keyof D]: D[Name] extends { readonly default: string }
    ? Parsed<D[Name]>
    : Parsed<D[Name]> | null;
};
