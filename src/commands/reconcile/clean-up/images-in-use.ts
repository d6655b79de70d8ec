import type { ECSClient } from '@aws-sdk/client-ecs';
import { whatIsInUse } from './in-use.ts';
import { imageNamed, isOf } from './reference.ts';
import { describe, revisionsOf } from './task-definitions.ts';
import { UserError } from '../../../core/failure.ts';

/** The images of a region that somebody may need. */
export interface ImagesInUse {
  /** As task definitions and tasks name them. */
  readonly references: readonly string[];
  /** That tasks run. */
  readonly digests: ReadonlySet<string>;
  /** Those that a service or a task names by a tag, which may have been another image when it began. */
  readonly unknown: readonly string[];
}

/** So many task definitions are read: some minutes. */
const MOST_READ = 2_000;

/**
 * What every active task definition of the region names, every one that anything in a cluster names, and what tasks have made of tags.
 * ECS remembers what a service's tag was when its deployment began, and pulls that: so nothing is known of such a repository. Rejects with
 * UserError: half of it is nothing.
 */
export async function imagesInUse(ecs: ECSClient): Promise<ImagesInUse> {
  const { byServices, byTasks, containers } = await whatIsInUse(ecs);
  const active = new Set(await revisionsOf(ecs, { status: 'ACTIVE' }));
  const all = active.union(byServices).union(byTasks);
  if (all.size > MOST_READ) {
    throw new UserError(
      `No image is deleted: ${all.size} task definition revisions are active, too many to know which images they use. Give keep-revisions to the other services first.`,
    );
  }
  const references = new Set(containers.flatMap(({ image }) => image ?? []));
  const unknown = new Set(
    containers.flatMap(({ image, imageDigest }) => (image && !imageDigest && isByTag(image) ? [image] : [])),
  );
  for (const arn of all) {
    for (const image of (await describe(ecs, arn)).images) {
      references.add(image);
      if (byServices.has(arn) && isByTag(image)) unknown.add(image);
    }
  }
  return {
    references: [...references],
    digests: new Set(containers.flatMap(({ imageDigest }) => imageDigest ?? [])),
    unknown: [...unknown],
  };
}

const isByTag = (reference: string): boolean => imageNamed(reference).digest === null;

/** Whether anybody may need it. Pure. */
export function isInUse(
  { repository, digest, tags }: StoredImage,
  { references, digests, unknown }: ImagesInUse,
): boolean {
  if (digests.has(digest) || unknown.some((reference) => isOf(reference, repository))) return true;
  return references.some((reference) => {
    const named = imageNamed(reference);
    if (named.digest !== null) return named.digest === digest;
    return isOf(reference, repository) && tags.includes(named.tag ?? 'latest');
  });
}

/** An image in ECR. */
export interface StoredImage {
  readonly repository: string;
  readonly digest: string;
  readonly tags: readonly string[];
}
