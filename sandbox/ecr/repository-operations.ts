import type {
  CreateRepositoryRequest,
  DeleteRepositoryRequest,
  DescribeRepositoriesRequest,
  ListTagsForResourceRequest,
  PutImageTagMutabilityRequest,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-ecr';
import type { Clock } from '../../src/core/time/clock.ts';
import type { Registry } from '../registry/registry.ts';
import { AwsError } from '../wire/service.ts';
import type { Service } from '../wire/service.ts';
import { mutability } from './mutability.ts';
import { page } from './pages.ts';
import { invalidParameter, tagsToAdd } from './repositories.ts';
import type { Repositories } from './repositories.ts';

export function repositoryOperations({
  repositories,
  registry,
  clock,
  region,
}: {
  readonly repositories: Repositories;
  readonly registry: Pick<Registry, 'host' | 'index'>;
  readonly clock: Clock;
  readonly region: string;
}): Service['operations'] {
  const { account } = repositories;

  function create(input: CreateRepositoryRequest) {
    const name = validName(input.repositoryName);
    if (input.registryId !== undefined && input.registryId !== account) {
      const arn = `arn:aws:ecr:${region}:${input.registryId}:repository/${name}`;
      throw new AwsError(
        'AccessDeniedException',
        `Not authorized to perform: ecr:CreateRepository on ${arn}`,
      );
    }
    const facts = {
      repositoryArn: `arn:aws:ecr:${region}:${account}:repository/${name}`,
      registryId: account,
      repositoryName: name,
      repositoryUri: `${registry.host}/${name}`,
      createdAt: new Date(clock.now()),
      ...mutability(input.imageTagMutability, input.imageTagMutabilityExclusionFilters),
      imageScanningConfiguration: input.imageScanningConfiguration ?? { scanOnPush: false },
      encryptionConfiguration: input.encryptionConfiguration ?? { encryptionType: 'AES256' as const },
    };
    repositories.add({ name, facts, tags: tagsToAdd(input.tags) });
    return { repository: facts };
  }

  function describe(input: DescribeRepositoriesRequest) {
    const { repositoryNames: names = [], registryId } = input;
    const entries =
      names.length > 0
        ? names.map((name) => repositories.get(name, registryId))
        : repositories.all(registryId);
    const { items, nextToken } = page(entries, input);
    return { repositories: items.map(({ facts }) => facts), nextToken };
  }

  function remove({ repositoryName, registryId, force = false }: DeleteRepositoryRequest) {
    const { name, facts } = repositories.get(repositoryName, registryId);
    if (!force && registry.index.images(name).length > 0)
      throw new AwsError(
        'RepositoryNotEmptyException',
        `The repository with name '${name}' in registry with id '${account}' cannot be deleted because it still contains images`,
      );
    repositories.remove(name);
    registry.index.clear(name);
    return { repository: facts };
  }

  function putMutability(input: PutImageTagMutabilityRequest) {
    const entry = repositories.get(input.repositoryName, input.registryId);
    const setting = mutability(input.imageTagMutability, input.imageTagMutabilityExclusionFilters);
    entry.facts = { ...entry.facts, ...setting };
    return { registryId: account, repositoryName: entry.name, ...setting };
  }

  return {
    CreateRepository: create,
    DescribeRepositories: describe,
    DeleteRepository: remove,
    PutImageTagMutability: putMutability,
    ListTagsForResource: ({ resourceArn }: ListTagsForResourceRequest) => ({
      tags: [...repositories.byArn(resourceArn).tags].map(([Key, Value]) => ({ Key, Value })),
    }),
    TagResource({ resourceArn, tags }: TagResourceRequest) {
      const { tags: present } = repositories.byArn(resourceArn);
      for (const [key, value] of tagsToAdd(tags, present)) present.set(key, value);
      return {};
    },
    UntagResource({ resourceArn, tagKeys = [] }: UntagResourceRequest) {
      for (const key of tagKeys) repositories.byArn(resourceArn).tags.delete(key);
      return {};
    },
  };
}

const NAME = '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*';

function validName(name = ''): string {
  if (!new RegExp(`^${NAME}$`).test(name))
    throw invalidParameter('repositoryName', `must satisfy regular expression '${NAME}'`);
  if (name.length < 2 || name.length > 256)
    throw invalidParameter('repositoryName', 'must have length between 2 and 256');
  return name;
}
