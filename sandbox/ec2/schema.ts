/**
 * The operations of EC2 that the sandbox has, in the SDK's schema form. The SDK's own client is 2 MB,
 * which every test would load.
 */
const NAMESPACE = 'com.amazonaws.ec2';
const STRING = 0;
const NUMBER = 1;

const Subnet = [
  3,
  NAMESPACE,
  'Subnet',
  0,
  ['SubnetId', 'AvailableIpAddressCount', 'State'],
  [
    [STRING, { xmlName: 'subnetId' }],
    [NUMBER, { xmlName: 'availableIpAddressCount' }],
    [STRING, { xmlName: 'state' }],
  ],
];

const SubnetIds = [1, NAMESPACE, 'SubnetIdStringList', 0, [STRING, { xmlName: 'SubnetId' }]];
const Subnets = [1, NAMESPACE, 'SubnetList', 0, [() => Subnet, { xmlName: 'item' }]];

const Request = [
  3,
  NAMESPACE,
  'DescribeSubnetsRequest',
  0,
  ['SubnetIds'],
  [[() => SubnetIds, { xmlName: 'SubnetId', xmlFlattened: 1 }]],
];
const Result = [
  3,
  NAMESPACE,
  'DescribeSubnetsResult',
  0,
  ['Subnets'],
  [[() => Subnets, { xmlName: 'subnetSet' }]],
];

export const DescribeSubnets = [9, NAMESPACE, 'DescribeSubnets', 0, () => Request, () => Result];
