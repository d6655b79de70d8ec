import type { RegistryAccess } from '../../src/image/registry-access.ts';

/** A registry at registry.example.com that is empty, stays empty, and needs no login. */
export const emptyRegistry: RegistryAccess = {
  host: 'registry.example.com',
  repository: 'web',
  credentials: () => Promise.resolve(null),
  isImmutable: () => Promise.resolve(false),
  digestOf: () => Promise.resolve(null),
  labelsOf: () => Promise.resolve({}),
  tag: () => Promise.resolve(),
  putManifest: () => Promise.resolve(),
  hasBlob: () => Promise.resolve(false),
  putBlob: () => Promise.resolve(),
};
