import { originOf, RegistryApi } from './registry-api.ts';
import type { RegistryAccess, RegistryCredentials } from './registry-access.ts';

export interface PrivateRegistryOptions {
  readonly host: string;
  readonly repository: string;
  /** Null: anonymous. */
  readonly credentials: RegistryCredentials | null;
}

/** Any registry that speaks the OCI distribution API. Whether its tags can be moved is not in that API: the push tells. */
export function privateRegistry({ host, repository, credentials }: PrivateRegistryOptions): RegistryAccess {
  const given = () => Promise.resolve(credentials);
  const api = new RegistryApi({ origin: originOf(host), repository, credentials: given });
  return {
    host,
    repository,
    credentials: given,
    isImmutable: () => Promise.resolve(false),
    digestOf: (tag) => api.digestOf(tag),
    labelsOf: (digest) => api.labelsOf(digest),
    tag: (digest, tag) => api.tag(digest, tag),
  };
}
