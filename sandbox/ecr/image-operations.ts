import type {
  BatchDeleteImageRequest,
  BatchGetImageRequest,
  DescribeImagesRequest,
  ImageFailure,
  ImageIdentifier,
  ListImagesRequest,
  PutImageRequest,
} from '@aws-sdk/client-ecr';
import { createHash } from 'node:crypto';
import type { Shelf, StoredImage } from '../registry/registry.ts';
import { AwsError } from '../wire/service.ts';
import type { Service } from '../wire/service.ts';
import { page } from './pages.ts';
import { tagImmutable } from './repositories.ts';
import type { Repositories } from './repositories.ts';

export function imageOperations({
  repositories,
  registry,
}: {
  readonly repositories: Repositories;
  readonly registry: Shelf;
}): Service['operations'] {
  const { account } = repositories;
  const { index } = registry;

  const find = (repository: string, { imageDigest, imageTag }: ImageIdentifier): StoredImage | null =>
    index
      .images(repository)
      .find(
        ({ digest, tags }) =>
          (imageDigest !== undefined || imageTag !== undefined) &&
          (imageDigest === undefined || digest === imageDigest) &&
          (imageTag === undefined || tags.includes(imageTag)),
      ) ?? null;

  function describe(input: DescribeImagesRequest) {
    const { name } = repositories.get(input.repositoryName, input.registryId);
    const asked = input.imageIds?.map((id) => find(name, id) ?? imageNotFound(id, name, account));
    const images = asked ?? index.images(name).filter(byTagStatus(input.filter?.tagStatus));
    const { items, nextToken } = page([...new Set(images)], input);
    const imageDetails = items.map((image) => ({
      registryId: account,
      repositoryName: name,
      imageDigest: image.digest,
      imageTags: image.tags.length > 0 ? image.tags : undefined,
      imageSizeInBytes: image.size,
      imagePushedAt: new Date(image.pushedAt),
      imageManifestMediaType: image.mediaType,
      lastRecordedPullTime: image.pulledAt === null ? undefined : new Date(image.pulledAt),
    }));
    return { imageDetails, nextToken };
  }

  function list(input: ListImagesRequest) {
    const { name } = repositories.get(input.repositoryName, input.registryId);
    const images = index.images(name).filter(byTagStatus(input.filter?.tagStatus));
    const { items, nextToken } = page(images.flatMap(identifiers), input);
    return { imageIds: items, nextToken };
  }

  async function batchGet(input: BatchGetImageRequest) {
    const { name } = repositories.get(input.repositoryName, input.registryId);
    const { found, failures } = lookUp(name, input.imageIds);
    const images = found.map(async ({ id, image }) => ({
      registryId: account,
      repositoryName: name,
      imageId: { imageDigest: image.digest, imageTag: id.imageTag },
      imageManifest: await registry.manifest(name, image.digest),
      imageManifestMediaType: image.mediaType,
    }));
    return { images: await Promise.all(images), failures };
  }

  function batchDelete(input: BatchDeleteImageRequest) {
    const { name } = repositories.get(input.repositoryName, input.registryId);
    const { found, failures } = lookUp(name, input.imageIds);
    for (const { id, image } of found) {
      if (id.imageTag !== undefined) index.untag(name, id.imageTag);
      // An image is deleted with its last tag.
      if (id.imageTag === undefined || find(name, { imageDigest: image.digest })?.tags.length === 0)
        index.remove(name, image.digest);
    }
    return { imageIds: found.map(({ id, image }) => ({ ...id, imageDigest: image.digest })), failures };
  }

  async function put(input: PutImageRequest) {
    const { name } = repositories.get(input.repositoryName, input.registryId);
    const { imageManifest = '', imageTag, imageDigest, imageManifestMediaType } = input;
    const mediaType = imageManifestMediaType ?? mediaTypeIn(imageManifest);
    const digest = `sha256:${createHash('sha256').update(imageManifest).digest('hex')}`;
    if (find(name, { imageDigest: digest, ...(imageTag !== undefined && { imageTag }) }))
      throw imageExists({ imageDigest: digest, imageTag }, name, account);
    const stored = await registry.putManifest({
      repository: name,
      reference: imageTag ?? imageDigest ?? null,
      mediaType,
      body: Buffer.from(imageManifest),
    });
    if ('code' in stored) {
      throw stored.code === 'TAG_INVALID'
        ? tagImmutable(name, imageTag ?? '')
        : new AwsError('InvalidParameterException', stored.message);
    }
    const imageId = { imageDigest: stored.digest, imageTag };
    return {
      image: {
        registryId: account,
        repositoryName: name,
        imageId,
        imageManifest,
        imageManifestMediaType: mediaType,
      },
    };
  }

  function lookUp(repository: string, ids: readonly ImageIdentifier[] = []) {
    const looked = ids.map((id) => ({ id, image: find(repository, id) }));
    return {
      found: looked.filter((one): one is { id: ImageIdentifier; image: StoredImage } => one.image !== null),
      failures: looked.filter(({ image }) => image === null).map(({ id }) => failure(id)),
    };
  }

  return {
    DescribeImages: describe,
    ListImages: list,
    BatchGetImage: batchGet,
    BatchDeleteImage: batchDelete,
    PutImage: put,
  };
}
const byTagStatus = (status: string | undefined) => (image: StoredImage) =>
  status === undefined || status === 'ANY' || (status === 'TAGGED') === image.tags.length > 0;

const identifiers = ({ digest, tags }: StoredImage): ImageIdentifier[] =>
  tags.length === 0 ? [{ imageDigest: digest }] : tags.map((imageTag) => ({ imageDigest: digest, imageTag }));

function imageNotFound(
  { imageDigest, imageTag }: ImageIdentifier,
  repository: string,
  account: string,
): never {
  throw new AwsError(
    'ImageNotFoundException',
    `The image with imageId {imageDigest:${quoted(imageDigest)}, imageTag:${quoted(imageTag)}} does not exist ` +
      `within the repository with name '${repository}' in the registry with id '${account}'`,
  );
}

const imageExists = ({ imageDigest, imageTag }: ImageIdentifier, repository: string, account: string) =>
  new AwsError(
    'ImageAlreadyExistsException',
    `Image with digest ${quoted(imageDigest)} and tag ${quoted(imageTag)} already exists ` +
      `in the repository with name '${repository}' in registry with id '${account}'`,
  );

const failure = (imageId: ImageIdentifier): ImageFailure => ({
  imageId,
  failureCode: 'ImageNotFound',
  failureReason: 'Requested image not found',
});

function mediaTypeIn(manifest: string): string {
  const { mediaType }: { mediaType?: string } = JSON.parse(manifest);
  if (mediaType !== undefined) return mediaType;
  throw new AwsError(
    'InvalidParameterException',
    'image manifest mediatype not provided in manifest or parameter',
  );
}

const quoted = (text: string | undefined) => `'${text ?? 'null'}'`;
