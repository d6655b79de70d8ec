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

const SubnetsRequest = [
  3,
  NAMESPACE,
  'DescribeSubnetsRequest',
  0,
  ['SubnetIds'],
  [[() => SubnetIds, { xmlName: 'SubnetId', xmlFlattened: 1 }]],
];
const SubnetsResult = [
  3,
  NAMESPACE,
  'DescribeSubnetsResult',
  0,
  ['Subnets'],
  [[() => Subnets, { xmlName: 'subnetSet' }]],
];

const NetworkInfo = [
  3,
  NAMESPACE,
  'NetworkInfo',
  0,
  ['MaximumNetworkInterfaces'],
  [[NUMBER, { xmlName: 'maximumNetworkInterfaces' }]],
];
const InstanceTypeInfo = [
  3,
  NAMESPACE,
  'InstanceTypeInfo',
  0,
  ['InstanceType', 'NetworkInfo'],
  [
    [STRING, { xmlName: 'instanceType' }],
    [() => NetworkInfo, { xmlName: 'networkInfo' }],
  ],
];
const InstanceTypes = [
  1,
  NAMESPACE,
  'InstanceTypeInfoList',
  0,
  [() => InstanceTypeInfo, { xmlName: 'item' }],
];
const InstanceTypeNames = [1, NAMESPACE, 'RequestInstanceTypeList', 0, [STRING, { xmlName: 'InstanceType' }]];
const TypesRequest = [
  3,
  NAMESPACE,
  'DescribeInstanceTypesRequest',
  0,
  ['InstanceTypes'],
  [[() => InstanceTypeNames, { xmlName: 'InstanceType', xmlFlattened: 1 }]],
];
const TypesResult = [
  3,
  NAMESPACE,
  'DescribeInstanceTypesResult',
  0,
  ['InstanceTypes'],
  [[() => InstanceTypes, { xmlName: 'instanceTypeSet' }]],
];

export const DescribeInstanceTypes = [
  9,
  NAMESPACE,
  'DescribeInstanceTypes',
  0,
  () => TypesRequest,
  () => TypesResult,
];
export const DescribeSubnets = [
  9,
  NAMESPACE,
  'DescribeSubnets',
  0,
  () => SubnetsRequest,
  () => SubnetsResult,
];
