import type { ECSClient } from '@aws-sdk/client-ecs';
import { Refused } from '../aws/refusals.ts';
import { describeRevisions } from '../traffic/service-deployments.ts';
import { whatIsInUse } from './in-use.ts';
import { imageNamed, isOf } from './reference.ts';
import { describe, revisionsOf } from './task-definitions.ts';

/** The images of a region that somebody may need. */
export interface ImagesInUse {
  /** As task definitions and tasks name them. */
  readonly references: readonly string[];
  readonly digests: ReadonlySet<string>;
  /** Those that a task names by a tag, and of which it is not known which one it runs. */
  readonly unknown: readonly string[];
}

/** So many task definitions are read: some minutes. */
const MOST_READ = 2_000;

/**
 * What every active task definition of the region names, every one that anything in a cluster names, and what tasks and service revisions
 * have resolved tags to. Rejects with Refused: half of it is nothing.
 */
export async function imagesInUse(ecs: ECSClient): Promise<ImagesInUse> {
  const { taskDefinitions, serviceRevisions, containers } = await whatIsInUse(ecs);
  const all = new Set([...taskDefinitions, ...(await revisionsOf(ecs, { status: 'ACTIVE' }))]);
  if (all.size > MOST_READ) {
    throw new Refused(
      `No image is deleted: ${all.size} task definition revisions are active, too many to know which images they use. Give keep-revisions to the other services first.`,
    );
  }
  const references = new Set(containers.flatMap(({ image }) => image ?? []));
  for (const arn of all) for (const image of (await describe(ecs, arn)).images) references.add(image);
  const resolved = await describeRevisions(ecs, serviceRevisions);
  if (resolved.length < new Set(serviceRevisions).size) {
    throw new Refused('No image is deleted: ECS does not tell what all of the services run.');
  }
  const running = [...containers, ...resolved.flatMap(({ containerImages = [] }) => containerImages)];
  return {
    references: [...references],
    digests: new Set(running.flatMap(({ imageDigest }) => imageDigest ?? [])),
    unknown: running.flatMap(({ image, imageDigest }) =>
      image && !imageDigest && imageNamed(image).digest === null ? [image] : [],
    ),
  };
}

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
