import { expect, test } from '@jest/globals';
import { imageOperations } from '../../../../sandbox/ecr/image-operations.ts';
import { isImmutable } from '../../../../sandbox/ecr/mutability.ts';
import { createRepositories } from '../../../../sandbox/ecr/repositories.ts';
import { repositoryOperations } from '../../../../sandbox/ecr/repository-operations.ts';
import { createImageIndex } from '../../../../sandbox/registry/image-index.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

const place = { account: '123456789012', region: 'eu-west-1' };
const OTHER = '222222222222';
const OCI = 'application/vnd.oci.image.manifest.v1+json';

const storage = {
  host: 'registry',
  manifest: () => Promise.resolve(''),
  putManifest: () => Promise.resolve({ digest: 'sha256:1' }),
};

function ecr() {
  const clock = createVirtualClock();
  const repositories = createRepositories(place.account);
  const index = createImageIndex(clock);
  const registry = { ...storage, index };
  const operations = {
    ...repositoryOperations({ ...place, clock, repositories, registry }),
    ...imageOperations({ repositories, registry }),
  };
  // oxlint-disable-next-line typescript/no-explicit-any -- as it comes off the wire
  return async (operation: string, input: object): Promise<any> =>
    operations[operation]!(input, { ...place, accessKeyId: 'test' });
}

const wildcards = (...filters: string[]) =>
  filters.map((filter) => ({ filterType: 'WILDCARD' as const, filter }));

test('a repository keeps the filters that exclude tags from its mutability', async () => {
  const call = ecr();
  const setting = {
    imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
    imageTagMutabilityExclusionFilters: wildcards('latest*'),
  };
  await call('CreateRepository', { repositoryName: 'shop', ...setting });
  const described = async () => (await call('DescribeRepositories', {})).repositories[0];
  expect(await described()).toMatchObject(setting);
  await call('PutImageTagMutability', { repositoryName: 'shop', imageTagMutability: 'MUTABLE' });
  expect(await described()).toMatchObject({
    imageTagMutability: 'MUTABLE',
    imageTagMutabilityExclusionFilters: undefined,
  });
});

test.each([
  ['MUTABLE', wildcards('latest')],
  ['MUTABLE_WITH_EXCLUSION', []],
  ['MUTABLE_WITH_EXCLUSION', wildcards('a', 'b', 'c', 'd', 'e', 'f')],
  ['IMMUTABLE_WITH_EXCLUSION', wildcards('*a*b*')],
  ['IMMUTABLE_WITH_EXCLUSION', wildcards('with space')],
])('a repository that is %s cannot have the filters %j', async (imageTagMutability, filters) => {
  await expect(
    ecr()('CreateRepository', {
      repositoryName: 'shop',
      imageTagMutability,
      imageTagMutabilityExclusionFilters: filters,
    }),
  ).rejects.toMatchObject({ code: 'InvalidParameterException' });
});

test.each([
  ['MUTABLE', [], 'v1', false],
  ['IMMUTABLE', [], 'v1', true],
  ['MUTABLE_WITH_EXCLUSION', ['v*'], 'v1', true],
  ['MUTABLE_WITH_EXCLUSION', ['v*'], 'latest', false],
  ['IMMUTABLE_WITH_EXCLUSION', ['v.*'], 'v1.2', true],
  ['IMMUTABLE_WITH_EXCLUSION', ['v1.*'], 'v1.2', false],
] as const)('%s with %j: the tag %s', (imageTagMutability, filters, tag, expected) => {
  const repository = { imageTagMutability, imageTagMutabilityExclusionFilters: wildcards(...filters) };
  expect(isImmutable(repository, tag)).toBe(expected);
});

test('the registry of another account has no repositories, and takes none', async () => {
  const call = ecr();
  await call('CreateRepository', { repositoryName: 'shop' });
  expect((await call('DescribeRepositories', { registryId: OTHER })).repositories).toEqual([]);
  await expect(
    call('DescribeRepositories', { registryId: OTHER, repositoryNames: ['shop'] }),
  ).rejects.toMatchObject({ code: 'RepositoryNotFoundException' });
  await expect(call('CreateRepository', { registryId: OTHER, repositoryName: 'api' })).rejects.toMatchObject({
    code: 'AccessDeniedException',
  });
  await expect(call('ListTagsForResource', { resourceArn: 'shop' })).rejects.toMatchObject({
    message: "Invalid parameter at 'resourceArn' failed to satisfy constraint: 'Invalid ARN'",
  });
});

test('an image has the media type of its manifest or of the call', async () => {
  const call = ecr();
  await call('CreateRepository', { repositoryName: 'shop' });
  const put = (manifest: object, more: object = {}) =>
    call('PutImage', { repositoryName: 'shop', imageManifest: JSON.stringify(manifest), ...more });
  expect((await put({ mediaType: OCI })).image.imageManifestMediaType).toBe(OCI);
  expect((await put({}, { imageManifestMediaType: OCI })).image.imageManifestMediaType).toBe(OCI);
  await expect(put({})).rejects.toMatchObject({
    code: 'InvalidParameterException',
    message: 'image manifest mediatype not provided in manifest or parameter',
  });
});
