import type { Place } from './issue.ts';

/** The text of an input, and where it stands in the file. */
export interface Written {
  readonly text: string;
  readonly place: Place;
}

/** By input. */
export type Settings = ReadonlyMap<string, Written>;
