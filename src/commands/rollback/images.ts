import type { ECRClient } from '@aws-sdk/client-ecr';
import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { hasCode } from '../../aws/errors.ts';

const ECR_IMAGE =
  /^(?<registryId>\d{12})\.dkr[.-]ecr[.-][^/]*?(?<region>[a-z]{2}(?:-[a-z]+)+-\d)[^/]*\/(?<repositoryName>[^@:]+)(?:@(?<imageDigest>sha256:[0-9a-f]{64})|:(?<imageTag>[^@/]+))?$/;

/**
 * Images of the containers that no longer exist in ECR. Images that cannot be checked (another
 * registry, another region, no permission) are assumed to exist. Never rejects.
 */
export async function missingImages(
  { containerDefinitions = [] }: TaskDefinition,
  openEcr: () => Promise<ECRClient>,
): Promise<readonly string[]> {
  const images = [...new Set(containerDefinitions.flatMap(({ image }) => image ?? []))];
  const found = images.flatMap((image) => {
    const parts = ECR_IMAGE.exec(image)?.groups;
    return parts ? [{ image, parts }] : [];
  });
  if (found.length === 0) return [];
  const [ecr, { DescribeImagesCommand }] = await Promise.all([openEcr(), import('@aws-sdk/client-ecr')]);
  const region = await ecr.config.region();
  const missing = await Promise.all(
    found.map(
      async ({ image, parts: { registryId, repositoryName, imageDigest, imageTag, region: its } }) => {
        if (its !== region) return [];
        const imageId = imageDigest ? { imageDigest } : { imageTag: imageTag ?? 'latest' };
        const command = new DescribeImagesCommand({ registryId, repositoryName, imageIds: [imageId] });
        return ecr.send(command).then(
          () => [],
          (error: unknown) =>
            hasCode(error, 'ImageNotFoundException', 'RepositoryNotFoundException') ? [image] : [],
        );
      },
    ),
  );
  return missing.flat();
}
