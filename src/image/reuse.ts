import { REVISION } from './labels.ts';
import type { RegistryAccess } from './registry-access.ts';
import { UserError } from '../core/failure.ts';

/**
 * Where tags cannot be moved, an image of the same commit is what an earlier run of it pushed, and is taken as it is. Returns
 * its digest, null when there is none. Throws a UserError, before a minute is spent building, when a push would be refused.
 */
export async function findReusable(options: {
  readonly registry: RegistryAccess;
  readonly tags: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}): Promise<string | null> {
  const { registry, tags, labels } = options;
  let reusable: string | null = null;
  for (const [index, tag] of tags.entries()) {
    if (!(await registry.isImmutable(tag))) continue;
    const digest = await registry.digestOf(tag);
    if (digest === null || digest === reusable) continue;
    const wanted = labels[REVISION];
    const revision = (await registry.labelsOf(digest))[REVISION];
    if (index > 0 || wanted === undefined || revision !== wanted)
      throw new UserError(
        `${registry.repository}:${tag} exists already (${revision ? `built from commit ${revision}` : `without a label ${REVISION}`}), this run builds ${wanted ? `commit ${wanted}` : 'from no known commit'}, and the tags of this repository cannot be moved: give each commit its own tag, or make the repository's tags mutable.`,
      );
    reusable = digest;
  }
  return reusable;
}

/** Gives a reused image the tags that it does not have yet. */
export async function completeTags(
  registry: RegistryAccess,
  digest: string,
  tags: readonly string[],
): Promise<void> {
  for (const tag of tags) if ((await registry.digestOf(tag)) !== digest) await registry.tag(digest, tag);
}
