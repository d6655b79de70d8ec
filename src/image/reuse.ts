import { REVISION } from './labels.ts';
import type { RegistryAccess } from './registry-access.ts';
import { UserError } from '../core/failure.ts';

/**
 * With immutable tags, an image of the same commit was pushed by an earlier run and is reused.
 * Returns its digest, or `null` when there is none. Rejects with a UserError before the build when
 * the registry would refuse the push.
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
        `${registry.repository}:${tag} already exists (${revision ? `built from commit ${revision}` : `without the label ${REVISION}`}), this run builds ${wanted ? `commit ${wanted}` : 'an unknown commit'}, and the tags of this repository are immutable: give each commit its own tag, or make the repository's tags mutable.`,
      );
    reusable = digest;
  }
  return reusable;
}

/**
 * The image with the tag of these sources: its digest, or `null` when there is none. Rejects with a
 * UserError when another image has one of `tags` for ever.
 */
export async function findSameSources(
  registry: RegistryAccess,
  sources: string,
  tags: readonly string[],
): Promise<string | null> {
  const digest = await registry.digestOf(sources);
  if (digest === null) return null;
  for (const tag of tags) {
    const found = (await registry.isImmutable(tag)) ? await registry.digestOf(tag) : null;
    if (found !== null && found !== digest)
      throw new UserError(
        `${registry.repository}:${tag} already names another image than the one that was built from these files (${sources}), and the tags of this repository are immutable: give each commit its own tag, or make the repository's tags mutable.`,
      );
  }
  return digest;
}

/** Adds the missing tags to a reused image. */
export async function completeTags(
  registry: RegistryAccess,
  digest: string,
  tags: readonly string[],
): Promise<void> {
  for (const tag of tags) if ((await registry.digestOf(tag)) !== digest) await registry.tag(digest, tag);
}
