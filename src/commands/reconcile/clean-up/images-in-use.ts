import type { ECSClient } from '@aws-sdk/client-ecs';
import { whatIsInUse } from './in-use.ts';
import { imageNamed, isOf } from './reference.ts';
import { describe, revisionsOf } from './task-definitions.ts';
import { UserError } from '../../../core/failure.ts';

/** The images in use in a region. */
export interface ImagesInUse {
  /** Image references in task definitions and tasks. */
  readonly references: readonly string[];
  /** Digests that tasks run. */
  readonly digests: ReadonlySet<string>;
  /**
   * References by tag in services and tasks: the tag may have pointed to another image at the
   * start.
   */
  readonly unknown: readonly string[];
}

/** The most task definitions to read, which takes some minutes. */
const MOST_READ = 2_000;

/**
 * The images of all active task definitions of the region, of all task definitions in use, and of
 * all tasks. ECS resolves a service's tag when the deployment starts and keeps pulling that digest,
 * so all images of such a repository count as in use. Rejects with UserError if any read fails.
 */
export async function imagesInUse(ecs: ECSClient): Promise<ImagesInUse> {
  const { byServices, byTasks, containers } = await whatIsInUse(ecs);
  const active = new Set(await revisionsOf(ecs, { status: 'ACTIVE' }));
  const all = active.union(byServices).union(byTasks);
  if (all.size > MOST_READ) {
    throw new UserError(
      `No image is deleted: ${all.size} task definition revisions are active, too many to determine which images they use. Set keep-revisions for the other services first.`,
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

/** Whether the image may be in use. Pure. */
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
