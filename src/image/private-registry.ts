import { originOf, RegistryApi } from './registry-api.ts';
import type { RegistryAccess, RegistryCredentials } from './registry-access.ts';

export interface PrivateRegistryOptions {
  readonly host: string;
  readonly repository: string;
  /** `null` for anonymous access. */
  readonly credentials: () => Promise<RegistryCredentials | null>;
}

/**
 * A registry with the OCI distribution API, which does not report whether tags are immutable: the
 * push shows that.
 */
export function privateRegistry({ host, repository, credentials }: PrivateRegistryOptions): RegistryAccess {
  const api = new RegistryApi({ origin: originOf(host), repository, credentials });
  return {
    host,
    repository,
    credentials,
    isImmutable: () => Promise.resolve(false),
    digestOf: (tag) => api.digestOf(tag),
    labelsOf: (digest) => api.labelsOf(digest),
    tag: (digest, tag) => api.tag(digest, tag),
    putManifest: (tag, manifest, mediaType) => api.putManifest(tag, manifest, mediaType),
    hasBlob: (digest) => api.hasBlob(digest),
    putBlob: (digest, content, signal) => api.putBlob(digest, content, signal),
  };
}
