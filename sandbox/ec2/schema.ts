import { NUMBER, STRING, structure, type MemberSchema, type StaticSchema } from '../wire/structure.ts';

/**
 * The operations of EC2 that the sandbox has, in the SDK's schema form. The SDK's own client is 2 MB,
 * which every test would load.
 */
export const DescribeSubnets = operation(
  'DescribeSubnets',
  structure('DescribeSubnetsRequest', [['SubnetIds', texts('SubnetId')]]),
  structure('DescribeSubnetsResult', [
    [
      'Subnets',
      items('subnetSet', [
        ['SubnetId', [STRING, { xmlName: 'subnetId' }]],
        ['AvailableIpAddressCount', [NUMBER, { xmlName: 'availableIpAddressCount' }]],
        ['State', [STRING, { xmlName: 'state' }]],
      ]),
    ],
  ]),
);

const NetworkInfo = structure('NetworkInfo', [
  ['MaximumNetworkInterfaces', [NUMBER, { xmlName: 'maximumNetworkInterfaces' }]],
]);

export const DescribeInstanceTypes = operation(
  'DescribeInstanceTypes',
  structure('DescribeInstanceTypesRequest', [['InstanceTypes', texts('InstanceType')]]),
  structure('DescribeInstanceTypesResult', [
    [
      'InstanceTypes',
      items('instanceTypeSet', [
        ['InstanceType', [STRING, { xmlName: 'instanceType' }]],
        ['NetworkInfo', [() => NetworkInfo, { xmlName: 'networkInfo' }]],
      ]),
    ],
  ]),
);

function operation(name: string, input: StaticSchema<3>, output: StaticSchema<3>): StaticSchema<9> {
  return [9, 'sandbox', name, 0, () => input, () => output];
}

/** `SubnetId.1=...&SubnetId.2=...` */
function texts(xmlName: string): MemberSchema {
  const list: StaticSchema<1> = [1, 'sandbox', xmlName, 0, [STRING, { xmlName }]];
  return [() => list, { xmlName, xmlFlattened: 1 }];
}

/** `<subnetSet><item>...</item></subnetSet>` */
function items(xmlName: string, members: Parameters<typeof structure>[1]): MemberSchema {
  const item = structure(xmlName, members);
  const list: StaticSchema<1> = [1, 'sandbox', xmlName, 0, [() => item, { xmlName: 'item' }]];
  return [() => list, { xmlName }];
}
