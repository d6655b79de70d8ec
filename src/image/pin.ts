import type { ECRClient } from '@aws-sdk/client-ecr';
import { failureKind, hasCode } from '../aws/errors.ts';
import { ecrHost, type EcrHost } from './ecr-host.ts';
import { registryFor } from './registry.ts';
import { errorText, UserError } from '../core/failure.ts';

/** An existing image, by digest if it could be found. */
export interface Pinned {
  readonly reference: string;
  /** Why the reference still has a tag, which can be moved; `null` when it has a digest. */
  readonly problem: string | null;
}

/** Default region: that of the job. */
type OpenEcr = (region?: string) => Promise<ECRClient>;

/**
 * Resolves a tag to its present digest. Rejects with a UserError when the registry has no such
 * image.
 */
export async function pin(reference: string, openEcr: OpenEcr): Promise<Pinned> {
  if (reference.includes('@')) return { reference, problem: null };
  const { host, repository, tag } = partsOf(reference);
  if (host === null) return { reference, problem: 'ecs-ramp does not look up digests on Docker Hub' };
  const ecr = ecrHost(host);
  const lookUps =
    ecr === null
      ? [
          () => digestIn(host, { host, repository, tag }, openEcr),
          // ECR with another name, such as one of a test.
          () => digestIn(null, { host, repository, tag }, openEcr),
        ]
      : // ECR requires a token, so no anonymous request is sent to it.
        [() => digestInEcr(ecr, { host, repository, tag }, openEcr)];
  let problem = '';
  for (const lookUp of lookUps) {
    try {
      const digest = await lookUp();
      if (digest !== null) return { reference: `${host}/${repository}@${digest}`, problem: null };
    } catch (error) {
      if (error instanceof NoSuchImage) throw error;
      problem ||= errorText(error);
    }
  }
  return { reference, problem: problem.replace(/\.$/, '') };
}

interface Tagged {
  readonly host: string;
  readonly repository: string;
  readonly tag: string;
}

class NoSuchImage extends UserError {}

function noSuchImage({ host, repository, tag }: Tagged, remark = ''): NoSuchImage {
  return new NoSuchImage(
    `There is no image ${host}/${repository}:${tag}: correct \`image\`, or push it first.${remark}`,
  );
}

/** `registry`: `null` for the account's own ECR. Resolves to `null` when that has another host. */
async function digestIn(registry: string | null, image: Tagged, openEcr: OpenEcr): Promise<string | null> {
  const { host, repository, tag } = image;
  const access = await registryFor({ repository, registry, username: null, password: null }, openEcr);
  if (access.host !== host) return null;
  const digest = await access.digestOf(tag);
  if (digest === null) throw noSuchImage(image);
  return digest;
}

/** Asks the region and the account of the image, which need not be those of the job. */
async function digestInEcr({ account, region }: EcrHost, image: Tagged, openEcr: OpenEcr): Promise<string> {
  const client = await openEcr(region);
  const { repository, tag } = image;
  const { DescribeImagesCommand } = await import('../aws/sdk/ecr.ts');
  try {
    const { imageDetails } = await client.send(
      new DescribeImagesCommand({
        registryId: account,
        repositoryName: repository,
        imageIds: [{ imageTag: tag }],
      }),
    );
    const digest = imageDetails?.[0]?.imageDigest;
    if (digest === undefined) throw new UserError('ECR answered without a digest');
    return digest;
  } catch (error) {
    if (hasCode(error, 'ImageNotFoundException', 'RepositoryNotFoundException')) {
      throw await notPulledYet(client, account, image);
    }
    if (failureKind(error) !== 'denied') throw error;
    throw new UserError(
      `${errorText(error)} If account ${account} is not the one of this role, the policy of the repository must allow it, too.`,
      { cause: error },
    );
  }
}

/** A pull-through cache has an image only after it was first pulled. */
async function notPulledYet(client: ECRClient, account: string, image: Tagged): Promise<UserError> {
  const { pullThroughPrefix } = await import('./pull-through.ts');
  try {
    const prefix = await pullThroughPrefix(client, { registryId: account, repository: image.repository });
    if (prefix === null) return noSuchImage(image);
    return new UserError(
      `it comes through the pull-through cache of the prefix ${prefix}, which has not pulled it yet`,
    );
  } catch (error) {
    return noSuchImage(
      image,
      ` If a pull-through cache provides it, give it by digest, or let ecs-ramp read the rules of the cache: ${errorText(error)}`,
    );
  }
}

/**
 * `registry.example.com:5000/shop/web:2`: the first part is a host when it has a dot or a port, or
 * is localhost.
 */
function partsOf(reference: string): { host: string | null; repository: string; tag: string } {
  const colon = reference.lastIndexOf(':');
  const name = reference.slice(0, colon);
  const [first = '', ...rest] = name.split('/');
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return {
    host: hasHost ? first : null,
    repository: hasHost ? rest.join('/') : name,
    tag: reference.slice(colon + 1),
  };
}
