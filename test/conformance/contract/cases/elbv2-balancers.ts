import { deepEqual, equal, match, ok, partialDeepStrictEqual } from 'node:assert/strict';
import {
  AddTagsCommand,
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ModifyLoadBalancerAttributesCommand,
  ModifyTargetGroupAttributesCommand,
  RegisterTargetsCommand,
  RemoveTagsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ContractCase } from '../contract.ts';
import { refused } from '../contract.ts';
import { createListener, createTargetGroup, weighted } from './elbv2-parts.ts';

const missing = (arn: string) => arn.replace(/[^/]+$/, '0123456789abcdef');

export const balancerCases: readonly ContractCase[] = [
  {
    name: 'elbv2: a load balancer is found by ARN and by name',
    async run({ elb, loadBalancer }) {
      const arn = await loadBalancer();
      const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] }));
      const [{ LoadBalancerName, Type, DNSName, State, AvailabilityZones } = {}] = LoadBalancers!;
      equal(Type, 'application');
      match(State!.Code!, /^(active|provisioning)$/);
      ok(DNSName!.length > 0);
      ok(AvailabilityZones!.length >= 2);
      const byName = await elb.send(new DescribeLoadBalancersCommand({ Names: [LoadBalancerName!] }));
      equal(byName.LoadBalancers![0]!.LoadBalancerArn, arn);
    },
  },
  {
    name: 'elbv2: describing a missing load balancer is refused, and deleting it succeeds',
    async run({ elb, loadBalancer, name }) {
      const arn = missing(await loadBalancer());
      for (const asked of [{ Names: [name('missing')] }, { LoadBalancerArns: [arn] }])
        await refused('LoadBalancerNotFoundException', elb.send(new DescribeLoadBalancersCommand(asked)));
      await elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: arn }));
    },
  },
  {
    name: 'elbv2: an attribute of a load balancer can be changed, an unknown one cannot',
    async run({ elb, loadBalancer }) {
      const LoadBalancerArn = await loadBalancer();
      const idle = async () => {
        const { Attributes } = await elb.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn }));
        return Attributes!.find(({ Key }) => Key === 'idle_timeout.timeout_seconds')?.Value;
      };
      const change = (Key: string, Value: string) =>
        elb.send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn, Attributes: [{ Key, Value }] }));
      equal(await idle(), '60');
      await change('idle_timeout.timeout_seconds', '30');
      equal(await idle(), '30');
      await change('idle_timeout.timeout_seconds', '60');
      await refused('ValidationError', change('idle_timeout.minutes', '1'));
    },
    differs: {
      moto: {
        why: 'does not have all attributes; AWS documents idle_timeout.timeout_seconds with 60',
        seen: "undefined !== '60'",
      },
    },
  },
  {
    name: 'elbv2: a target group has the defaults of AWS, and no load balancer yet',
    async run(place) {
      const created = await createTargetGroup(place);
      const { TargetGroups } = await place.elb.send(
        new DescribeTargetGroupsCommand({ Names: [created.TargetGroupName!] }),
      );
      partialDeepStrictEqual(TargetGroups, [
        {
          TargetGroupArn: created.TargetGroupArn,
          Protocol: 'HTTP',
          Port: 8080,
          TargetType: 'ip',
          ProtocolVersion: 'HTTP1',
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
      ]);
      deepEqual(TargetGroups![0]!.LoadBalancerArns, []);
    },
  },
  {
    name: 'elbv2: creating a target group again with other settings is refused',
    async run(place) {
      const { TargetGroupName } = await createTargetGroup(place);
      await refused(
        'DuplicateTargetGroupNameException',
        createTargetGroup(place, { Name: TargetGroupName!, Port: 9090 }),
      );
    },
  },
  {
    name: 'elbv2: a missing target group is refused',
    async run(place) {
      const { TargetGroupArn } = await createTargetGroup(place);
      const TargetGroupArns = [missing(TargetGroupArn!)];
      await refused(
        'TargetGroupNotFoundException',
        place.elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns })),
      );
      await refused(
        'TargetGroupNotFoundException',
        place.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: TargetGroupArns[0] })),
      );
    },
  },
  {
    name: 'elbv2: attributes of a target group have defaults and can be changed',
    async run(place) {
      const { TargetGroupArn } = await createTargetGroup(place);
      const attributes = async () => {
        const described = await place.elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
        return Object.fromEntries(described.Attributes!.map(({ Key, Value }) => [Key, Value]));
      };
      partialDeepStrictEqual(await attributes(), {
        'deregistration_delay.timeout_seconds': '300',
        'slow_start.duration_seconds': '0',
        'stickiness.enabled': 'false',
        'load_balancing.algorithm.type': 'round_robin',
      });
      await place.elb.send(
        new ModifyTargetGroupAttributesCommand({
          TargetGroupArn,
          Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '5' }],
        }),
      );
      equal((await attributes())['deregistration_delay.timeout_seconds'], '5');
    },
  },
  {
    name: 'elbv2: a target group in use names its load balancer and cannot be deleted',
    async run(place) {
      const group = await createTargetGroup(place);
      await createListener(place, weighted([group, 1]));
      const LoadBalancerArn = await place.loadBalancer();
      const { TargetGroups } = await place.elb.send(new DescribeTargetGroupsCommand({ LoadBalancerArn }));
      ok(TargetGroups!.some(({ TargetGroupArn }) => TargetGroupArn === group.TargetGroupArn));
      await refused(
        'ResourceInUseException',
        place.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: group.TargetGroupArn })),
      );
    },
  },
  {
    name: 'elbv2: a target of a group without a listener is unused',
    async run(place) {
      const { TargetGroupArn } = await createTargetGroup(place, { TargetType: 'ip' });
      const target = { Id: '10.255.255.1', Port: 8080, AvailabilityZone: 'all' };
      await place.elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [target] }));
      const { TargetHealthDescriptions } = await place.elb.send(
        new DescribeTargetHealthCommand({ TargetGroupArn }),
      );
      partialDeepStrictEqual(TargetHealthDescriptions, [
        {
          Target: { Id: '10.255.255.1', Port: 8080 },
          TargetHealth: { State: 'unused', Reason: 'Target.NotInUse' },
        },
      ]);
    },
    differs: {
      moto: {
        why: 'reports every target as healthy; AWS documents unused, with this reason',
        seen: "State: 'healthy'",
      },
    },
  },
  {
    name: 'elbv2: tags are added, described and removed',
    async run(place) {
      const arn = (await createTargetGroup(place)).TargetGroupArn!;
      const team = async () => {
        const { TagDescriptions } = await place.elb.send(new DescribeTagsCommand({ ResourceArns: [arn] }));
        equal(TagDescriptions![0]!.ResourceArn, arn);
        return TagDescriptions![0]!.Tags!.find(({ Key }) => Key === 'team')?.Value;
      };
      await place.elb.send(
        new AddTagsCommand({ ResourceArns: [arn], Tags: [{ Key: 'team', Value: 'shop' }] }),
      );
      equal(await team(), 'shop');
      await place.elb.send(new RemoveTagsCommand({ ResourceArns: [arn], TagKeys: ['team'] }));
      equal(await team(), undefined);
    },
  },
];
