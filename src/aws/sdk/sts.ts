// Loaded on demand. The bundle has only these members of the package.
export { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
