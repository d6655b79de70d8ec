import type { Definitions } from './definition.ts';
import type { Rule } from './rule.ts';

/**
 * The public interface of an action: the source of its action.yml and of the tables in its
 * documentation.
 */
export interface Manifest {
  /** Name that GitHub shows. */
  readonly title: string;
  readonly description: string;
  /** Folder of its action.yml, relative to the root of the repository; empty for the root. */
  readonly folder: string;
  /** Page that documents its inputs and outputs, relative to the root of the repository. */
  readonly page: string;
  /**
   * Its bundles in dist/, built from the entry points of the same names; `post` is `null` without a
   * post step.
   */
  readonly main: string;
  readonly post: string | null;
  /** Inputs by heading, in the order of action.yml. */
  readonly groups: Readonly<Record<string, Definitions>>;
  /** All inputs, without headings. */
  readonly definitions: Definitions;
  /** Description of each output, in the order of action.yml. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** An action, typed by its inputs and the names of its outputs. */
export interface Action<
  D extends Definitions = Definitions,
  Output extends string = string,
> extends Manifest {
  readonly definitions: D;
  /** Checks across inputs. The type of an input checks that input alone. */
  readonly rules: readonly Rule<D>[];
  readonly outputs: Readonly<Record<Output, string>>;
}

/** The parts of an action that cannot be derived. */
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

/**
 * Describes an action. By default its page is README.md in its folder, and its bundle has the name
 * of the folder.
 */
export function defineAction<const G extends Groups, Output extends string>({
  inputs,
  rules = [],
  ...described
}: Description<G, Output>): Action<Merged<G>, Output> {
  const { folder, page = `${folder}/README.md`, main = folder, post = null } = described;
  const definitions: Merged<G> = Object.assign({}, ...Object.values(inputs));
  return { ...described, page, main, post, groups: inputs, definitions, rules };
}
