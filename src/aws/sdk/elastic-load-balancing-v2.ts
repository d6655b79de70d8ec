// Loaded on demand. The bundle has only these members of the package.
export { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
