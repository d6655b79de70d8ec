// Loaded on demand. The bundle has only these members of the package.
export { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
