import type { InputType } from './types/input-type.ts';

/** One input: the source of what action.yml, the documentation, the validation and `--help` say about it. */
export interface Definition {
  /** One or two plain sentences: meaning, unit, allowed values, default. */
  readonly description: string;
  readonly kind: InputType<unknown>;
  /** As a user would write it; null: none, or one that follows from other inputs (the description says it). */
  readonly default: string | null;
  /** What the runner fills in where nothing is given, an expression of GitHub's: the one kind of default that action.yml has. */
  readonly runnerDefault?: string;
  /** It must be given. What to do where it is not, as a clause: `name the ECS service to deploy`. */
  readonly required?: string;
}

/** Inputs by name. */
export type Definitions = Readonly<Record<string, Definition>>;

type Parsed<D extends Definition> = D extends { readonly kind: InputType<infer T> } ? T : never;

/** What the inputs say, each of its kind; null: not given, and neither required nor with a default. */
export type InputValues<D extends Definitions> = {
  readonly [Name in keyof D]: D[Name] extends { readonly default: string } | { readonly required: string }
    ? Parsed<D[Name]>
    : Parsed<D[Name]> | null;
};

/** The same before all was found to be right: a required one may be null. */
export type UncheckedValues<D extends Definitions> = {
  readonly [Name in keyof D]: D[Name] extends { readonly default: string }
    ? Parsed<D[Name]>
    : Parsed<D[Name]> | null;
};
