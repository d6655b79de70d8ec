// Loaded on demand. The bundle has only these members of the package.
export { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
