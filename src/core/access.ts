/** How AWS is reached: where, and as whom. */
export interface Access {
  /** Null: none is given, and nothing can be asked. */
  readonly region: string | null;
  /** ARN of the role to assume; null: the credentials of the environment are used as they are. */
  readonly role: string | null;
  /** Assume the role with the credentials of the environment, though GitHub would give a token. */
  readonly chaining: boolean;
}
