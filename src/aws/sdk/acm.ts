// Loaded on demand. The bundle has only these members of the package.
export { ACMClient, DescribeCertificateCommand } from '@aws-sdk/client-acm';
