import type { Source } from '../core/request.ts';

export const REVISION = 'org.opencontainers.image.revision';

/** Where an image comes from, in OCI's words. What the user gives wins. */
export function imageLabels(
  source: Source,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const known = {
    [REVISION]: source.commit,
    'org.opencontainers.image.source': source.repositoryUrl,
    'org.opencontainers.image.created': source.committedAt,
  };
  const labels = Object.entries(known).filter((label): label is [string, string] => label[1] !== null);
  return { ...Object.fromEntries(labels), ...given };
}
