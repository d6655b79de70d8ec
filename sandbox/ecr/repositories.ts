import type { Repository, Tag } from '@aws-sdk/client-ecr';
import { AwsError } from '../wire/service.ts';
import { checkTags } from '../wire/tag-rules.ts';

/** The existing repositories, and ECR's errors about them. */
export interface Repositories {
  readonly account: string;
  /** Other registries have none. */
  all(registryId?: string): readonly Entry[];
  find(name: string): Entry | null;
  /** Throws RepositoryNotFoundException. */
  get(name: string | undefined, registryId?: string): Entry;
  byArn(arn: string | undefined): Entry;
  /** Throws RepositoryAlreadyExistsException. */
  add(entry: Entry): void;
  remove(name: string): void;
}

/** `facts` are returned unchanged; `tags` have their own operations. */
export interface Entry {
  readonly name: string;
  facts: Repository;
  readonly tags: Map<string, string>;
}

export function createRepositories(account: string): Repositories {
  const entries = new Map<string, Entry>();
  return {
    account,
    all: (registryId = account) => (registryId === account ? [...entries.values()] : []),
    find: (name) => entries.get(name) ?? null,
    get(name = '', registryId = account) {
      const entry = entries.get(name);
      if (!entry || registryId !== account) throw repositoryNotFound(name, registryId);
      return entry;
    },
    byArn(arn = '') {
      if (!arn.startsWith('arn:')) throw invalidParameter('resourceArn', 'Invalid ARN');
      const entry = [...entries.values()].find(({ facts }) => facts.repositoryArn === arn);
      if (!entry) throw repositoryNotFound(arn.split('repository/').at(-1) ?? arn, account);
      return entry;
    },
    add(entry) {
      if (entries.has(entry.name))
        throw new AwsError(
          'RepositoryAlreadyExistsException',
          `The repository with name '${entry.name}' already exists in the registry with id '${account}'`,
        );
      entries.set(entry.name, entry);
    },
    remove: (name) => void entries.delete(name),
  };
}

export const repositoryNotFound = (name: string, account: string) =>
  new AwsError(
    'RepositoryNotFoundException',
    `The repository with name '${name}' does not exist in the registry with id '${account}'`,
  );

export const tagImmutable = (repository: string, tag: string) =>
  new AwsError(
    'ImageTagAlreadyExistsException',
    `The image tag '${tag}' already exists in the '${repository}' repository and cannot be overwritten because the tag is immutable.`,
  );

export const invalidParameter = (parameter: string, constraint: string) =>
  new AwsError(
    'InvalidParameterException',
    `Invalid parameter at '${parameter}' failed to satisfy constraint: '${constraint}'`,
  );

/** Throws ECR's errors for tags that AWS does not add to a repository with the tags `present`. */
export function tagsToAdd(
  tags: readonly Tag[] = [],
  present: ReadonlyMap<string, string> = new Map(),
): Map<string, string> {
  const added = tags.map(({ Key = '', Value = '' }): [string, string] => [Key, Value]);
  checkTags(added, {
    invalid: 'InvalidTagParameterException',
    tooMany: 'TooManyTagsException',
    present: present.keys(),
  });
  return new Map(added);
}
