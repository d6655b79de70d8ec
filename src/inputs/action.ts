import type { Definitions } from './definition.ts';
import type { Rule } from './rule.ts';

/** What users see of an action: the source of its action.yml and of the tables in its documentation. */
export interface Manifest {
  /** As GitHub shows it. */
  readonly title: string;
  readonly description: string;
  /** Where its action.yml is, from the top; empty: there. */
  readonly folder: string;
  /** Where its inputs and outputs are explained, from the top. */
  readonly page: string;
  /** Its bundles in dist/, which are the entry points of the same names; post null: it leaves nothing to finish. */
  readonly main: string;
  readonly post: string | null;
  /** Inputs by heading, in the order of action.yml. */
  readonly groups: Readonly<Record<string, Definitions>>;
  /** The same without headings. */
  readonly definitions: Definitions;
  /** What each output means, in the order of action.yml. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** An action, by the names and kinds of its inputs and the names of its outputs. */
export interface Action<
  D extends Definitions = Definitions,
  Output extends string = string,
> extends Manifest {
  readonly definitions: D;
  /** What the inputs must be together; of one by itself its kind says it. */
  readonly rules: readonly Rule<D>[];
  readonly outputs: Readonly<Record<Output, string>>;
}

/** What an action is described by; the rest follows. */
interface Description<G extends Groups, Output extends string> {
  readonly title: string;
  readonly description: string;
  readonly folder: string;
  readonly page?: string;
  readonly main?: string;
  readonly post?: string;
  readonly inputs: G;
  readonly rules?: readonly Rule<Merged<G>>[];
  readonly outputs: Readonly<Record<Output, string>>;
}

type Groups = Readonly<Record<string, Definitions>>;

/** All inputs of all groups. */
type Merged<G extends Groups> = {
  readonly [Name in NameIn<G[keyof G]>]: DefinitionIn<G[keyof G], Name>;
};
type NameIn<D> = D extends Definitions ? keyof D & string : never;
type DefinitionIn<D, Name> = D extends Definitions ? (Name extends keyof D ? D[Name] : never) : never;

/** Describes an action. Its page is README.md in its folder and its bundle is named like the folder, unless it says otherwise. */
export function defineAction<const G extends Groups, Output extends string>({
  inputs,
  rules = [],
  ...described
}: Description<G, Output>): Action<Merged<G>, Output> {
  const { folder, page = `${folder}/README.md`, main = folder, post = null } = described;
  const definitions: Merged<G> = Object.assign({}, ...Object.values(inputs));
  return { ...described, page, main, post, groups: inputs, definitions, rules };
}
