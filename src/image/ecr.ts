import {
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  GetAuthorizationTokenCommand,
  type ECRClient,
  type Repository,
} from '@aws-sdk/client-ecr';
import { failureKind, hasCode } from '../aws/errors.ts';
import { creationTemplate } from './creation-template.ts';
import { originOf, RegistryApi } from './registry-api.ts';
import type { RegistryAccess, RegistryCredentials } from './registry-access.ts';
import { errorText, UserError } from '../core/failure.ts';
import { Secret } from '../core/secrecy/secret.ts';

/**
 * The ECR of the account. Rejects with a UserError when the repository does not exist and a push
 * would not create it, or when AWS
 * denies ecr:DescribeRepositories, ecr:DescribeImages or ecr:GetAuthorizationToken.
 */
export async function ecrRegistry(options: {
  readonly client: ECRClient;
  readonly repository: string;
}): Promise<RegistryAccess> {
  const { client } = options;
  const found = await describeRepository(client, options.repository);
  const { host, repository } = found;
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
    putManifest: (tag, manifest, mediaType) => api.putManifest(tag, manifest, mediaType),
    hasBlob: (digest) => api.hasBlob(digest),
    putBlob: (digest, content, signal) => api.putBlob(digest, content, signal),
  };
}

interface FoundRepository extends TagRules {
  readonly host: string;
  readonly repository: string;
}

type TagRules = Pick<Repository, 'imageTagMutability' | 'imageTagMutabilityExclusionFilters'>;

async function describeRepository(client: ECRClient, name: string): Promise<FoundRepository> {
  try {
    const { repositories } = await client.send(new DescribeRepositoriesCommand({ repositoryNames: [name] }));
    if (repositories?.[0]) {
      const { repositoryUri = '' } = repositories[0];
      const host = repositoryUri.slice(0, repositoryUri.indexOf('/'));
      return { ...repositories[0], host, repository: repositoryUri.slice(host.length + 1) };
    }
  } catch (error) {
    if (!hasCode(error, 'RepositoryNotFoundException')) throw error;
  }
  return createdOnPush(client, name);
}

/** A repository that does not exist yet, if ECR creates it on the first push. */
async function createdOnPush(client: ECRClient, repository: string): Promise<FoundRepository> {
  let remark = '';
  try {
    const template = await creationTemplate(client, repository);
    if (template) return { ...template, host: await hostOfRegistry(client), repository };
  } catch (error) {
    if (failureKind(error) === 'denied') {
      remark = ` If ECR creates it on push, let ecs-ramp read the creation templates: ${errorText(error)}`;
    }
  }
  throw new UserError(
    `There is no ECR repository "${repository}" in this account and region: create it (aws ecr create-repository --repository-name ${repository}), or correct \`repository\`.${remark}`,
  );
}

async function hostOfRegistry(client: ECRClient): Promise<string> {
  const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}));
  return new URL(authorizationData?.[0]?.proxyEndpoint ?? '').host;
}

async function authorize(client: ECRClient, host: string): Promise<RegistryCredentials> {
  const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}));
  const token = Buffer.from(authorizationData?.[0]?.authorizationToken ?? '', 'base64').toString();
  const colon = token.indexOf(':');
  if (colon < 0) throw new UserError(`ECR returned no authorization token for ${host}: run the job again.`);
  return { username: token.slice(0, colon), password: new Secret(token.slice(colon + 1)) };
}

async function digestOf(client: ECRClient, repository: string, tag: string): Promise<string | null> {
  const command = new DescribeImagesCommand({ repositoryName: repository, imageIds: [{ imageTag: tag }] });
  try {
    const { imageDetails } = await client.send(command);
    return imageDetails?.[0]?.imageDigest ?? null;
  } catch (error) {
    if (hasCode(error, 'ImageNotFoundException', 'RepositoryNotFoundException')) return null;
    throw error;
  }
}

function isImmutable(repository: TagRules, tag: string): boolean {
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
