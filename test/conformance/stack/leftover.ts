/** Something that a run has made, and how it is removed. */
export interface Leftover {
  readonly what: string;
  readonly remove: () => Promise<unknown>;
}
