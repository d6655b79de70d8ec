import { deepEqual, equal, match, ok, partialDeepStrictEqual } from 'node:assert/strict';
import {
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  GetAuthorizationTokenCommand,
  ListImagesCommand,
  ListTagsForResourceCommand,
  PutImageTagMutabilityCommand,
} from '@aws-sdk/client-ecr';
import type { CreateRepositoryCommandInput } from '@aws-sdk/client-ecr';
import { HOUR, MINUTE } from '../../../../src/core/time/clock.ts';
import type { ContractCase, Place } from '../contract.ts';
import { refused } from '../contract.ts';

export const ecrCases: readonly ContractCase[] = [
  {
    name: 'ecr: a new repository has the requested settings, and is MUTABLE by default',
    async run(place) {
      const repositoryName = await createRepository(place);
      const { repositories } = await place.ecr.send(
        new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }),
      );
      equal(repositories!.length, 1);
      const { repositoryArn, registryId, repositoryUri, createdAt, ...rest } = repositories![0]!;
      partialDeepStrictEqual(rest, {
        repositoryName,
        imageTagMutability: 'MUTABLE',
        imageScanningConfiguration: { scanOnPush: false },
        encryptionConfiguration: { encryptionType: 'AES256' },
      });
      match(
        repositoryArn!,
        new RegExp(`^arn:aws:ecr:[a-z0-9-]+:${registryId}:repository/${repositoryName}$`),
      );
      ok(repositoryUri!.endsWith(`/${repositoryName}`));
      ok(createdAt instanceof Date);
    },
  },
  {
    name: 'ecr: a repository cannot be created twice',
    async run(place) {
      const repositoryName = await createRepository(place);
      await refused(
        'RepositoryAlreadyExistsException',
        place.ecr.send(new CreateRepositoryCommand({ repositoryName })),
      );
    },
  },
  {
    name: 'ecr: calls for a missing repository are refused',
    async run({ ecr, name }) {
      const repositoryName = name('missing');
      for (const call of [
        () => ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] })),
        () => ecr.send(new DescribeImagesCommand({ repositoryName })),
        () => ecr.send(new ListImagesCommand({ repositoryName })),
        () => ecr.send(new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag: 'v1' }] })),
        () => ecr.send(new DeleteRepositoryCommand({ repositoryName })),
      ])
        await refused('RepositoryNotFoundException', call());
    },
  },
  {
    name: 'ecr: describing a missing image is refused, and fetching it returns a failure',
    async run(place) {
      const repositoryName = await createRepository(place);
      const unknown = [{ imageTag: 'v1' }, { imageDigest: `sha256:${'0'.repeat(64)}` }];
      for (const imageId of unknown) {
        await refused(
          'ImageNotFoundException',
          place.ecr.send(new DescribeImagesCommand({ repositoryName, imageIds: [imageId] })),
        );
      }
      const { images, failures } = await place.ecr.send(
        new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag: 'v1' }] }),
      );
      deepEqual(images, []);
      partialDeepStrictEqual(failures, [{ imageId: { imageTag: 'v1' }, failureCode: 'ImageNotFound' }]);
    },
  },
  {
    name: 'ecr: a repository without images has empty lists',
    async run(place) {
      const repositoryName = await createRepository(place);
      const { imageDetails } = await place.ecr.send(new DescribeImagesCommand({ repositoryName }));
      const { imageIds } = await place.ecr.send(new ListImagesCommand({ repositoryName }));
      deepEqual([imageDetails, imageIds], [[], []]);
    },
  },
  {
    name: 'ecr: tag mutability can be changed, but only to valid values',
    async run(place) {
      const repositoryName = await createRepository(place, { imageTagMutability: 'IMMUTABLE' });
      const changed = await place.ecr.send(
        new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: 'MUTABLE' }),
      );
      equal(changed.imageTagMutability, 'MUTABLE');
      await refused(
        'InvalidParameterException',
        place.ecr.send(
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an invalid value on purpose
          new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: 'SOMETIMES' as 'MUTABLE' }),
        ),
      );
    },
  },
  {
    name: 'ecr: a repository keeps its tags',
    async run(place) {
      const repositoryName = await createRepository(place, { tags: [{ Key: 'team', Value: 'shop' }] });
      const { repositories } = await place.ecr.send(
        new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }),
      );
      const { tags } = await place.ecr.send(
        new ListTagsForResourceCommand({ resourceArn: repositories![0]!.repositoryArn }),
      );
      ok(tags!.some(({ Key, Value }) => Key === 'team' && Value === 'shop'));
    },
  },
  {
    name: 'ecr: a token is AWS:password in base64, is valid for hours, and has an endpoint',
    async run({ ecr, clock }) {
      const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
      equal(authorizationData!.length, 1);
      const { authorizationToken, expiresAt, proxyEndpoint } = authorizationData![0]!;
      match(Buffer.from(authorizationToken!, 'base64').toString(), /^AWS:.+/);
      const left = expiresAt!.getTime() - clock.now();
      ok(left > 11 * HOUR && left < 12 * HOUR + 5 * MINUTE, `expires in ${left} ms`);
      match(proxyEndpoint!, /^https?:\/\/[^/]+$/);
    },
    differs: {
      moto: {
        why: 'always returns the same time in 2015; AWS documents 12 hours',
        seen: 'expires in -',
      },
    },
  },
];

async function createRepository(
  { ecr, name, later }: Place,
  more: Partial<CreateRepositoryCommandInput> = {},
): Promise<string> {
  const repositoryName = name('repository');
  await ecr.send(new CreateRepositoryCommand({ repositoryName, ...more }));
  later(() => ecr.send(new DeleteRepositoryCommand({ repositoryName, force: true })));
  return repositoryName;
}
