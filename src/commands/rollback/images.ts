import type { ECRClient } from '@aws-sdk/client-ecr';
import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { hasCode } from '../../aws/errors.ts';
import { ecrHost } from '../../image/ecr-host.ts';

const IMAGE =
  /^(?<host>[^/]+)\/(?<repositoryName>[^@:]+)(?:@(?<imageDigest>sha256:[0-9a-f]{64})|:(?<imageTag>[^@/]+))?$/;

/**
 * Images of the containers that no longer exist in ECR. Images that cannot be checked (another
 * registry, no permission) are assumed to exist. Never rejects.
 */
export async function missingImages(
  { containerDefinitions = [] }: TaskDefinition,
  openEcr: (region?: string) => Promise<ECRClient>,
): Promise<readonly string[]> {
  const images = [...new Set(containerDefinitions.flatMap(({ image }) => image ?? []))];
  const missing = await Promise.all(
    images.map(async (image) => {
      const { host = '', repositoryName, imageDigest, imageTag } = IMAGE.exec(image)?.groups ?? {};
      const registry = ecrHost(host);
      if (registry === null) return [];
      const imageId = imageDigest ? { imageDigest } : { imageTag: imageTag ?? 'latest' };
      try {
        const { DescribeImagesCommand } = await import('../../aws/sdk/ecr.ts');
        const ecr = await openEcr(registry.region);
        await ecr.send(
          new DescribeImagesCommand({ registryId: registry.account, repositoryName, imageIds: [imageId] }),
        );
        return [];
      } catch (error) {
        return hasCode(error, 'ImageNotFoundException', 'RepositoryNotFoundException') ? [image] : [];
      }
    }),
  );
  return missing.flat();
}
