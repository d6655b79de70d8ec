import type {
  CreateTargetGroupInput,
  DescribeTargetGroupsInput,
  DescribeTargetGroupsOutput,
  ModifyTargetGroupInput,
  TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../wire/service.ts';
import { newTargetGroupAttributes } from './attributes.ts';
import { integer, invalid, page, required, resourceName } from './parameters.ts';
import { findLoadBalancer, findTargetGroup, loadBalancerUsing } from './world.ts';
import type { TargetGroupRecord, World } from './world.ts';

const PORTS = [1, 65_535] as const;

export function createTargetGroup(world: World, input: CreateTargetGroupInput): TargetGroupRecord {
  const name = resourceName(input.Name, 'Target group');
  const { TargetType = 'instance', Protocol } = input;
  if (TargetType !== 'ip' && TargetType !== 'instance') {
    throw invalid(`The sandbox has target groups of type 'ip' and 'instance', not '${TargetType}'`);
  }
  if (Protocol === undefined) throw invalid('A protocol must be specified');
  if (input.Port === undefined) throw invalid('A port must be specified');
  if (Protocol !== 'HTTP') throw invalid(`The sandbox speaks HTTP to targets, not '${Protocol}'`);
  if (input.VpcId === undefined) throw invalid('A VPC ID must be specified');

  const settings: TargetGroup = {
    TargetGroupName: name,
    Protocol,
    Port: integer(input.Port, 'port', PORTS),
    VpcId: input.VpcId,
    TargetType,
    ProtocolVersion: input.ProtocolVersion ?? 'HTTP1',
    IpAddressType: 'ipv4',
    ...healthCheckSettings(
      {
        HealthCheckProtocol: 'HTTP',
        HealthCheckPort: 'traffic-port',
        HealthCheckEnabled: true,
        HealthCheckPath: '/',
        HealthCheckIntervalSeconds: 30,
        HealthCheckTimeoutSeconds: 5,
        HealthyThresholdCount: 5,
        UnhealthyThresholdCount: 2,
        Matcher: { HttpCode: '200' },
      },
      input,
    ),
  };

  const same = [...world.targetGroups.values()].find((group) => group.name === name);
  if (same) {
    const { TargetGroupArn: _, ...before } = same.settings;
    if (JSON.stringify(before) === JSON.stringify(settings)) return same;
    throw new AwsError(
      'DuplicateTargetGroupName',
      `A target group with the same name '${name}' exists, but with different settings`,
    );
  }
  const arn = world.newArn(`targetgroup/${name}`);
  const group: TargetGroupRecord = {
    arn,
    name,
    settings: { TargetGroupArn: arn, ...settings },
    attributes: newTargetGroupAttributes(),
    targets: new Map(),
  };
  world.targetGroups.set(arn, group);
  return group;
}

/** The next health check of each target uses the new settings. */
export function modifyTargetGroup(world: World, input: ModifyTargetGroupInput): TargetGroupRecord {
  const group = findTargetGroup(world, required(input.TargetGroupArn, 'targetGroupArn'));
  group.settings = { ...group.settings, ...healthCheckSettings(group.settings, input) };
  return group;
}

type HealthCheckSettings = Pick<
  TargetGroup,
  | 'HealthCheckProtocol'
  | 'HealthCheckPort'
  | 'HealthCheckEnabled'
  | 'HealthCheckPath'
  | 'HealthCheckIntervalSeconds'
  | 'HealthCheckTimeoutSeconds'
  | 'HealthyThresholdCount'
  | 'UnhealthyThresholdCount'
  | 'Matcher'
>;

function healthCheckSettings(before: HealthCheckSettings, change: HealthCheckSettings): HealthCheckSettings {
  const settings: HealthCheckSettings = {
    HealthCheckProtocol: change.HealthCheckProtocol ?? before.HealthCheckProtocol,
    HealthCheckPort: change.HealthCheckPort ?? before.HealthCheckPort,
    HealthCheckEnabled: change.HealthCheckEnabled ?? before.HealthCheckEnabled,
    HealthCheckPath: change.HealthCheckPath ?? before.HealthCheckPath,
    HealthCheckIntervalSeconds: change.HealthCheckIntervalSeconds ?? before.HealthCheckIntervalSeconds,
    HealthCheckTimeoutSeconds: change.HealthCheckTimeoutSeconds ?? before.HealthCheckTimeoutSeconds,
    HealthyThresholdCount: change.HealthyThresholdCount ?? before.HealthyThresholdCount,
    UnhealthyThresholdCount: change.UnhealthyThresholdCount ?? before.UnhealthyThresholdCount,
    Matcher: change.Matcher ?? before.Matcher,
  };
  if (settings.HealthCheckProtocol !== 'HTTP') {
    throw invalid(`The sandbox checks health over HTTP, not '${settings.HealthCheckProtocol}'`);
  }
  if (!settings.HealthCheckEnabled) {
    throw invalid(`Health checks must be enabled for target groups with target type 'ip' or 'instance'`);
  }
  if (settings.HealthCheckPort !== 'traffic-port') {
    integer(Number(settings.HealthCheckPort), 'healthCheckPort', PORTS);
  }
  if (!settings.HealthCheckPath?.startsWith('/')) {
    throw invalid(`Health check path '${settings.HealthCheckPath}' must begin with a '/' character`);
  }
  const interval = integer(settings.HealthCheckIntervalSeconds!, 'healthCheckIntervalSeconds', [5, 300]);
  const timeout = integer(settings.HealthCheckTimeoutSeconds!, 'healthCheckTimeoutSeconds', [2, 120]);
  if (timeout >= interval) {
    throw invalid(`Health check timeout '${timeout}' must be smaller than the interval '${interval}'`);
  }
  integer(settings.HealthyThresholdCount!, 'healthyThresholdCount', [2, 10]);
  integer(settings.UnhealthyThresholdCount!, 'unhealthyThresholdCount', [2, 10]);
  const codes = settings.Matcher?.HttpCode ?? '';
  if (!/^[2-4]\d\d(-[2-4]\d\d)?(,[2-4]\d\d(-[2-4]\d\d)?)*$/.test(codes)) {
    throw invalid(`Health check matcher HTTP code '${codes}' must be within '200-499'`);
  }
  return settings;
}

export function describeTargetGroup(world: World, { arn, settings }: TargetGroupRecord): TargetGroup {
  const loadBalancerArn = loadBalancerUsing(world, arn);
  return { ...settings, LoadBalancerArns: loadBalancerArn === null ? [] : [loadBalancerArn] };
}

export function describeTargetGroups(
  world: World,
  input: DescribeTargetGroupsInput,
): DescribeTargetGroupsOutput {
  const { TargetGroupArns: arns, Names: names, LoadBalancerArn: loadBalancerArn } = input;
  const all = [...world.targetGroups.values()];
  const unknown = names?.filter((name) => !all.some((group) => group.name === name)) ?? [];
  if (unknown.length > 0) throw new AwsError('TargetGroupNotFound', 'One or more target groups not found');
  if (loadBalancerArn !== undefined) findLoadBalancer(world, loadBalancerArn);
  const found = (arns ? arns.map((arn) => findTargetGroup(world, arn)) : all)
    .filter(({ name }) => !names || names.includes(name))
    .filter(({ arn }) => loadBalancerArn === undefined || loadBalancerUsing(world, arn) === loadBalancerArn);
  const { shown, NextMarker } = page(found, input);
  return { TargetGroups: shown.map((group) => describeTargetGroup(world, group)), NextMarker };
}

/** @returns the deleted group, or `null` if it did not exist, which succeeds as on AWS. */
export function deleteTargetGroup(world: World, arn: string | undefined): TargetGroupRecord | null {
  const group = world.targetGroups.get(required(arn, 'targetGroupArn'));
  if (!group) return null;
  if (loadBalancerUsing(world, group.arn) !== null) {
    throw new AwsError('ResourceInUse', `Target group '${arn}' is currently in use by a listener or a rule`);
  }
  world.targetGroups.delete(group.arn);
  world.tags.delete(group.arn);
  return group;
}
