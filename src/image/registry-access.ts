/** A repository in a registry, as far as building and pushing need to know it. ECR and others implement it. */
export interface RegistryAccess {
  /** With the port, if it is not the scheme's own: `registry.example.com:5000`. */
  readonly host: string;
  /** Without host or tag: `shop/web`. */
  readonly repository: string;
  /** Null: anonymous. Fetched when needed; they may be short-lived. */
  credentials(): Promise<RegistryCredentials | null>;
  /** Whether the tag, once pushed, cannot be moved to another image. */
  isImmutable(tag: string): Promise<boolean>;
  /** The digest (sha256:...) that the tag names; null: no such tag. */
  digestOf(tag: string): Promise<string | null>;
  /** The labels of the image; of one of them where the digest is an index of several platforms. */
  labelsOf(digest: string): Promise<Readonly<Record<string, string>>>;
  /** Gives an image that is there another tag. */
  tag(digest: string, tag: string): Promise<void>;
}

export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
}
