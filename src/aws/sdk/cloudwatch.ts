// Loaded on demand. The bundle has only these members of the package.
export { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
