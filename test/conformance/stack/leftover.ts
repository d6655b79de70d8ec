/** A resource that a run created, with a function that removes it. */
export interface Leftover {
  readonly what: string;
  readonly remove: () => Promise<unknown>;
}
