import { expect, test } from '@jest/globals';
import { createApplicationAutoScaling } from '../../../../sandbox/application-auto-scaling/application-auto-scaling.ts';
import { createAutoScaling } from '../../../../sandbox/auto-scaling/auto-scaling.ts';
import type { Service } from '../../../../sandbox/wire/service.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

const place = { account: '123456789012', region: 'eu-west-1' };
const SERVICE = {
  ServiceNamespace: 'ecs',
  ResourceId: 'service/shop/web',
  ScalableDimension: 'ecs:service:DesiredCount',
};

function caller({ operations }: Service) {
  // oxlint-disable-next-line typescript/no-explicit-any -- as it comes off the wire
  return (operation: string, input: object): any =>
    operations[operation]!(input, { ...place, accessKeyId: 'test' });
}

test('a group tells what its instances are launched from', () => {
  const { service } = createAutoScaling({ ...place, clock: createVirtualClock(), random: () => 0 });
  const call = caller(service);
  const MixedInstancesPolicy = {
    LaunchTemplate: {
      LaunchTemplateSpecification: { LaunchTemplateName: 'instances' },
      Overrides: [{ InstanceType: 't3.large' }],
    },
  };
  const size = { AutoScalingGroupName: 'instances', MinSize: 0, MaxSize: 3 };
  call('CreateAutoScalingGroup', { ...size, MixedInstancesPolicy });
  const described = () => call('DescribeAutoScalingGroups', {}).AutoScalingGroups[0];
  call('UpdateAutoScalingGroup', { AutoScalingGroupName: 'instances', MaxSize: 4 });
  expect(described()).toMatchObject({ MixedInstancesPolicy, MaxSize: 4 });

  const LaunchTemplate = { LaunchTemplateName: 'others', Version: '2' };
  call('UpdateAutoScalingGroup', { AutoScalingGroupName: 'instances', LaunchTemplate });
  expect(described()).toMatchObject({ LaunchTemplate, MixedInstancesPolicy: undefined });
});

test('scaling policies come in pages of ten, with ARNs of EC2 Auto Scaling', () => {
  const call = caller(createApplicationAutoScaling({ ...place, clock: createVirtualClock() }).service);
  call('RegisterScalableTarget', { ...SERVICE, MinCapacity: 1, MaxCapacity: 4 });
  for (let number = 1; number <= 11; number += 1)
    call('PutScalingPolicy', { ...SERVICE, PolicyName: `policy-${number}` });
  const first = call('DescribeScalingPolicies', SERVICE);
  expect(first.ScalingPolicies).toHaveLength(10);
  const second = call('DescribeScalingPolicies', { ...SERVICE, NextToken: first.NextToken });
  expect(second).toMatchObject({ ScalingPolicies: [{ PolicyName: 'policy-11' }], NextToken: undefined });
  expect(second.ScalingPolicies[0].PolicyARN).toMatch(
    /^arn:aws:autoscaling:eu-west-1:123456789012:scalingPolicy:[\w-]{36}:resource\/ecs\/service\/shop\/web:policyName\/policy-11$/,
  );
  expect(() => call('DescribeScalingPolicies', { ...SERVICE, MaxResults: 11 })).toThrow(
    expect.objectContaining({ code: 'ValidationException' }),
  );
});
