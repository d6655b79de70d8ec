export interface RoleToAssume {
  /** ARN. */
  readonly role: string;
  /** With the credentials of the environment, though GitHub would give a token. */
  readonly chaining: boolean;
}
