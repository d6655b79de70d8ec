import type { Secret } from '../core/secrecy/secret.ts';
/** The operations on a repository in a registry that building and pushing require. */
export interface RegistryAccess {
  /** With the port, if it is not the default: `registry.example.com:5000`. */
  readonly host: string;
  /** Without host or tag: `shop/web`. */
  readonly repository: string;
  /** `null` for anonymous access. Call before each use: the credentials may be short-lived. */
  credentials(): Promise<RegistryCredentials | null>;
  /** Whether the tag is immutable: once pushed, it cannot be moved to another image. */
  isImmutable(tag: string): Promise<boolean>;
  /** The digest (sha256:...) of the tag; `null` when the tag does not exist. */
  digestOf(tag: string): Promise<string | null>;
  /** The labels of the image, or of one platform's image when the digest is of an index. */
  labelsOf(digest: string): Promise<Readonly<Record<string, string>>>;
  /** Adds a tag to an existing image. */
  tag(digest: string, tag: string): Promise<void>;
  putManifest(tag: string, manifest: string, mediaType: string): Promise<void>;
  /** Whether the repository has the layer or the configuration with this digest (sha256:...). */
  hasBlob(digest: string): Promise<boolean>;
  putBlob(digest: string, content: Blob, signal: AbortSignal): Promise<void>;
}

export interface RegistryCredentials {
  /** Empty if the password is an identity token. */
  readonly username: string;
  readonly password: Secret;
}
