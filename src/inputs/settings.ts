import type { SourceLocation } from './issue.ts';

/** The text of an input, and its place in the file. */
export interface WrittenSetting {
  readonly text: string;
  readonly place: SourceLocation;
}

/** Settings by the name of the input. */
export type ConfigSettings = ReadonlyMap<string, WrittenSetting>;
