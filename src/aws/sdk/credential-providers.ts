// Loaded on demand. The bundle has only these members of the package.
export { fromTemporaryCredentials, fromWebToken } from '@aws-sdk/credential-providers';
