import {
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  GetAuthorizationTokenCommand,
  type ECRClient,
  type Repository,
} from '@aws-sdk/client-ecr';
import { hasCode } from '../aws/errors.ts';
import { originOf, RegistryApi } from './registry-api.ts';
import type { RegistryAccess, RegistryCredentials } from './registry-access.ts';
import { UserError } from '../core/failure.ts';

/**
 * The ECR of the account. Rejects with a UserError when the repository does not exist, or when AWS
 * denies ecr:DescribeRepositories, ecr:DescribeImages or ecr:GetAuthorizationToken.
 */
export async function ecrRegistry(options: {
  readonly client: ECRClient;
  readonly repository: string;
}): Promise<RegistryAccess> {
  const { client } = options;
  const found = await describeRepository(client, options.repository);
  const uri = found.repositoryUri ?? '';
  const host = uri.slice(0, uri.indexOf('/'));
  const repository = uri.slice(host.length + 1);
  const credentials = () => authorize(client, host);
  const api = new RegistryApi({ origin: originOf(host), repository, credentials });
  return {
    host,
    repository,
    credentials,
    isImmutable: (tag) => Promise.resolve(isImmutable(found, tag)),
    digestOf: (tag) => digestOf(client, repository, tag),
    labelsOf: (digest) => api.labelsOf(digest),
    tag: (digest, tag) => api.tag(digest, tag),
  };
}

async function describeRepository(client: ECRClient, name: string): Promise<Repository> {
  try {
    const { repositories } = await client.send(new DescribeRepositoriesCommand({ repositoryNames: [name] }));
    if (repositories?.[0]) return repositories[0];
  } catch (error) {
    if (!hasCode(error, 'RepositoryNotFoundException')) throw error;
  }
  throw new UserError(
    `There is no ECR repository "${name}" in this account and region: create it (aws ecr create-repository --repository-name ${name}), or correct \`repository\`.`,
  );
}

async function authorize(client: ECRClient, host: string): Promise<RegistryCredentials> {
  const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}));
  const token = Buffer.from(authorizationData?.[0]?.authorizationToken ?? '', 'base64').toString();
  const colon = token.indexOf(':');
  if (colon < 0) throw new UserError(`ECR returned no authorization token for ${host}: run the job again.`);
  return { username: token.slice(0, colon), password: token.slice(colon + 1) };
}

async function digestOf(client: ECRClient, repository: string, tag: string): Promise<string | null> {
  const command = new DescribeImagesCommand({ repositoryName: repository, imageIds: [{ imageTag: tag }] });
  try {
    const { imageDetails } = await client.send(command);
    return imageDetails?.[0]?.imageDigest ?? null;
  } catch (error) {
    if (hasCode(error, 'ImageNotFoundException')) return null;
    throw error;
  }
}

function isImmutable(repository: Repository, tag: string): boolean {
  const mutability = repository.imageTagMutability ?? 'MUTABLE';
  const excepted = (repository.imageTagMutabilityExclusionFilters ?? []).some(({ filter }) =>
    wildcard(filter ?? '').test(tag),
  );
  return mutability.startsWith('IMMUTABLE') !== (mutability.endsWith('_WITH_EXCLUSION') && excepted);
}

/** ECR's filters have one wildcard, `*`. */
function wildcard(filter: string): RegExp {
  return new RegExp(
    `^${filter
      .split('*')
      .map((part) => RegExp.escape(part))
      .join('.*')}$`,
  );
}
