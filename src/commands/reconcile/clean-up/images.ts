import { BatchDeleteImageCommand, DescribeImagesCommand, type ECRClient } from '@aws-sdk/client-ecr';
import type { ECSClient } from '@aws-sdk/client-ecs';
import type { Clients } from '../../../aws/clients.ts';
import { allPages } from '../../../aws/all-pages.ts';
import type { RetentionRequest } from '../../../inputs/maintenance.ts';
import { isRegisteredByUs } from '../../../aws/ecs/provenance.ts';
import type { CleanUpRequest } from './request.ts';
import { imagesInUse, isInUse } from './images-in-use.ts';
import { outlived, type KnownImage } from './outlived.ts';
import { imageNamed, isOf } from './reference.ts';
import { servedLast } from './served-last.ts';
import { describe, familiesOf, revisionsOf } from './task-definitions.ts';

/** The result for a repository. */
export interface DeletedImages {
  readonly repository: string;
  /** The images that were deleted, or would be in a dry run. */
  readonly deleted: readonly { readonly digest: string; readonly tags: readonly string[] }[];
  /** Why ECR did not delete some images; `null` if it deleted all. */
  readonly refused: string | null;
}

/** The next run continues. */
const MOST_AT_ONCE = 20;
/** How many of the newest deregistered revisions of a family to read. */
const MOST_READ = 500;

/**
 * Deletes old images from the repositories that ecs-ramp pushes to: those that it released (a
 * deregistered revision of ecs-ramp contains them), that are not among the newest, that were not
 * pulled for a week, that no rollback would use, and that nothing in the region uses or has in an
 * active task definition. Calls AWS only if there is a limit. Rejects with UserError.
 */
export async function cleanUpImages(
  { charges, dryRun }: CleanUpRequest,
  clients: Pick<Clients, 'ecs' | 'ecr'>,
  now: number,
): Promise<readonly DeletedImages[]> {
  const repositories = repositoriesOf(charges);
  if (repositories.size === 0) return [];
  const [ecs, ecr] = await Promise.all([clients.ecs(), clients.ecr()]);
  const families = await familiesOf(ecs, charges);
  const candidates: { repository: string; images: readonly KnownImage[] }[] = [];
  for (const [repository, keep] of repositories) {
    const old = outlived(await imagesIn(ecr, repository), { keep, now });
    const own = families.filter(({ charge }) => charge.repository === repository);
    const names = new Set(own.map(({ family }) => family));
    const released = await releasedOf(ecs, names, { repository, old });
    candidates.push({ repository, images: old.filter(({ digest }) => released.has(digest)) });
  }
  if (candidates.every(({ images }) => images.length === 0)) return [];
  const places = families.map(({ service, charge }) => ({ cluster: charge.cluster, name: service }));
  const wanted = new Set((await Promise.all(places.map((place) => servedLast(ecs, place)))).flat());
  // Read last, just before the deletion.
  const inUse = await imagesInUse(ecs);
  const done: DeletedImages[] = [];
  for (const { repository, images } of candidates) {
    const unused = images
      .filter((image) => !wanted.has(image.digest) && !isInUse({ repository, ...image }, inUse))
      .slice(0, MOST_AT_ONCE);
    if (unused.length === 0) continue;
    done.push(
      dryRun
        ? { repository, deleted: unused, refused: null }
        : await deleteFrom(ecr, { repository, images: unused }),
    );
  }
  return done;
}

/** One line for each repository. Pure. */
export function deletedInWords(
  done: readonly DeletedImages[],
  { dryRun }: Pick<CleanUpRequest, 'dryRun'>,
): readonly string[] {
  return done.flatMap(({ repository, deleted, refused }) => {
    const images = deleted.map(({ digest, tags }) => tags[0] ?? digest).join(', ');
    return [
      ...(deleted.length > 0
        ? [`${repository}: images ${images} ${dryRun ? 'would be' : 'were'} deleted: old and not in use`]
        : []),
      ...(refused === null ? [] : [`${repository}: ${refused}`]),
    ];
  });
}

/** How many images of each repository to keep: the maximum if several services share it. */
function repositoriesOf(charges: readonly RetentionRequest[]): ReadonlyMap<string, number> {
  const repositories = new Map<string, number>();
  for (const { repository, keepImages } of charges) {
    if (repository === null) continue;
    repositories.set(repository, Math.max(repositories.get(repository) ?? 0, keepImages ?? Infinity));
  }
  return new Map([...repositories].filter(([, keep]) => keep !== Infinity));
}

/** Only images with a tag: others are parts of images, or left to lifecycle policies. */
async function imagesIn(ecr: ECRClient, repositoryName: string): Promise<readonly KnownImage[]> {
  return allPages(async (nextToken) => {
    const page = await ecr.send(
      new DescribeImagesCommand({
        repositoryName,
        filter: { tagStatus: 'TAGGED' },
        maxResults: 1_000,
        ...(nextToken && { nextToken }),
      }),
    );
    const items = (page.imageDetails ?? []).flatMap((image) =>
      image.imageDigest && image.imagePushedAt
        ? [
            {
              digest: image.imageDigest,
              tags: image.imageTags ?? [],
              pushedAt: image.imagePushedAt.getTime(),
              pulledAt: image.lastRecordedPullTime?.getTime() ?? null,
            },
          ]
        : [],
    );
    return { items, nextToken: page.nextToken };
  });
}

/** Digests in deregistered revisions that ecs-ramp registered. */
async function releasedOf(
  ecs: ECSClient,
  families: ReadonlySet<string>,
  { repository, old }: { readonly repository: string; readonly old: readonly KnownImage[] },
): Promise<ReadonlySet<string>> {
  const released = new Set<string>();
  if (old.length === 0) return released;
  for (const family of families) {
    const revisions = await revisionsOf(ecs, { family, status: 'INACTIVE' });
    for (const arn of revisions.slice(0, MOST_READ)) {
      const { tags, images } = await describe(ecs, arn);
      if (!isRegisteredByUs(tags)) continue;
      for (const image of images.filter((image) => isOf(image, repository))) {
        const { digest } = imageNamed(image);
        if (digest !== null) released.add(digest);
      }
      if (old.every(({ digest }) => released.has(digest))) return released;
    }
  }
  return released;
}

async function deleteFrom(
  ecr: ECRClient,
  { repository, images }: { readonly repository: string; readonly images: readonly KnownImage[] },
): Promise<DeletedImages> {
  const { failures = [] } = await ecr.send(
    new BatchDeleteImageCommand({
      repositoryName: repository,
      imageIds: images.map(({ digest }) => ({ imageDigest: digest })),
    }),
  );
  const kept = new Set(failures.map(({ imageId }) => imageId?.imageDigest));
  const reasons = failures.map(({ imageId, failureCode, failureReason }) =>
    [imageId?.imageDigest, failureReason ?? failureCode].join(': '),
  );
  return {
    repository,
    deleted: images.filter(({ digest }) => !kept.has(digest)),
    refused: reasons.length === 0 ? null : `ECR did not delete ${reasons.join('; ')}`,
  };
}
