export interface RoleToAssume {
  /** ARN. */
  readonly role: string;
  /** Use the credentials of the environment even when GitHub can issue a token. */
  readonly chaining: boolean;
}
