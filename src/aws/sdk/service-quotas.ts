// Loaded on demand. The bundle has only these members of the package.
export { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
