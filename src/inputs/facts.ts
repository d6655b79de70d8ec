import type { InputName } from './definitions.ts';
import type { Environment } from './given.ts';
import type { Mistake } from './mistake.ts';
import type { Source } from './request.ts';
import type { Read } from './values.ts';

/** All that the rules look at. */
export interface Facts extends Read {
  readonly environment: Environment;
  readonly source: Source;
  /** Absolute; relative paths start here. */
  readonly workspace: string;
}

/** What inputs must be together, or with what is there on disk. */
export type Rule = (facts: Facts) => Iterable<Mistake>;

/** Whether it was not given at all; one that could not be read was given. */
export function isMissing({ values, misread }: Facts, name: InputName): boolean {
  return values[name] === null && !misread.has(name);
}

/** Whether an image is to be built: nothing says that there is one. */
export function builds(facts: Facts): boolean {
  return isMissing(facts, 'image');
}
