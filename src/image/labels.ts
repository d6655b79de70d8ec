import type { Source } from '../core/request.ts';

export const REVISION = 'org.opencontainers.image.revision';

/**
 * Labels that say where an image comes from, by the OCI annotation keys. The user's labels take
 * precedence.
 */
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
