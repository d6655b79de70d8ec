import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import type { Aws } from '../aws.ts';
import type { Mark } from '../mark.ts';
import type { Leftover } from './leftover.ts';

/** The resources that a stack requires. */
export interface Ground {
  readonly vpc: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly infrastructureRole: string;
  readonly executionRole: string;
}

/** Path of this script's roles. */
const ROLES = '/ecs-ramp-verify/';
const POLICIES = {
  infrastructure: {
    service: 'ecs.amazonaws.com',
    policy: 'arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers',
  },
  execution: {
    service: 'ecs-tasks.amazonaws.com',
    policy: 'arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy',
  },
} as const;

/** Creates what is not given. Default subnets: two of the default VPC. Throws if there are none. */
export async function prepareGround(aws: Aws, mark: Mark, given: Partial<Ground>): Promise<Ground> {
  const vpc = given.vpc ?? (await defaultVpc(aws));
  const subnets = given.subnets ?? (await subnetsOf(aws, vpc));
  return {
    vpc,
    subnets,
    securityGroups: given.securityGroups ?? [await createSecurityGroup(aws, mark, vpc)],
    infrastructureRole: given.infrastructureRole ?? (await createRole(aws, mark, 'infrastructure')),
    executionRole: given.executionRole ?? (await createRole(aws, mark, 'execution')),
  };
}

async function defaultVpc({ ec2 }: Aws): Promise<string> {
  const { Vpcs } = await ec2.send(
    new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['true'] }] }),
  );
  const id = Vpcs?.[0]?.VpcId;
  if (id === undefined) throw new Error('This region has no default VPC: give --vpc and --subnets.');
  return id;
}

async function subnetsOf({ ec2 }: Aws, vpc: string): Promise<readonly string[]> {
  const { Subnets = [] } = await ec2.send(
    new DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [vpc] }] }),
  );
  const byZone = new Map(Subnets.map(({ AvailabilityZone, SubnetId }) => [AvailabilityZone, SubnetId!]));
  if (byZone.size < 2) throw new Error(`${vpc} has no subnets in two zones: give --subnets.`);
  return [...byZone.values()].slice(0, 2);
}

/**
 * Allows traffic from everywhere to the listeners' ports. Tasks can only be reached from within.
 */
async function createSecurityGroup({ ec2 }: Aws, { value }: Mark, VpcId: string): Promise<string> {
  const { GroupId } = await ec2.send(
    new CreateSecurityGroupCommand({
      GroupName: `${value}-group`,
      Description: 'ecs-ramp: script/verify-on-aws',
      VpcId,
    }),
  );
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [
        ...[80, 9080].map((port) => ({
          IpProtocol: 'tcp',
          FromPort: port,
          ToPort: port,
          IpRanges: [{ CidrIp: '0.0.0.0/0' }],
        })),
        { IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080, UserIdGroupPairs: [{ GroupId }] },
      ],
    }),
  );
  return GroupId!;
}

async function createRole({ iam }: Aws, { value }: Mark, kind: keyof typeof POLICIES): Promise<string> {
  const { service, policy } = POLICIES[kind];
  const RoleName = `${value}-${kind}`;
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName,
      Path: ROLES,
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
      }),
    }),
  );
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: policy }));
  return Role!.Arn!;
}

/** Roles and security groups of a run. They are removed last. */
export async function ownGround({ ec2, iam }: Aws, { key, value }: Mark): Promise<readonly Leftover[]> {
  const { Roles } = await iam.send(new ListRolesCommand({ PathPrefix: ROLES }));
  const own = new Set(Object.keys(POLICIES).map((kind) => `${value}-${kind}`));
  const names = Roles!.map(({ RoleName }) => RoleName!).filter((name) => own.has(name));
  const { SecurityGroups } = await ec2.send(
    new DescribeSecurityGroupsCommand({ Filters: [{ Name: `tag:${key}`, Values: [value] }] }),
  );
  return [
    ...names.map((RoleName) => ({
      what: `role ${RoleName}`,
      async remove() {
        const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
        for (const { PolicyArn } of AttachedPolicies!)
          await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
        await iam.send(new DeleteRoleCommand({ RoleName }));
      },
    })),
    ...SecurityGroups!.map(({ GroupId, GroupName }) => ({
      what: `security group ${GroupName}`,
      remove: () => ec2.send(new DeleteSecurityGroupCommand({ GroupId })),
    })),
  ];
}
