export interface Mark {
  readonly key: string;
  readonly value: string;
}
