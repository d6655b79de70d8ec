import type { SourceLocation } from './issue.ts';

/** The text of an input, and where it stands in the file. */
export interface WrittenSetting {
  readonly text: string;
  readonly place: SourceLocation;
}

/** By input. */
export type ConfigSettings = ReadonlyMap<string, WrittenSetting>;
