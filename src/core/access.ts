/** The region and the identity for calls to AWS. */
export interface Access {
  /** `null` when no region is set and AWS cannot be called. */
  readonly region: string | null;
  /** ARN of the role to assume; `null` to use the credentials of the environment. */
  readonly role: string | null;
  /**
   * Assume the role with the credentials of the environment, even if GitHub provides an OIDC token.
   */
  readonly chaining: boolean;
  /** The accounts that may be used; all if it is absent or empty. */
  readonly accounts?: readonly string[];
}
