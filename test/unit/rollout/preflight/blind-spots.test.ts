import { PutMetricAlarmCommand, type PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import {
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
  type PutScalingPolicyCommandInput,
} from '@aws-sdk/client-application-auto-scaling';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { blindSpots } from '../../../../src/rollout/preflight/blind/blind-spots.ts';
import { createSimulatedAws, type SimulatedAws } from '../../../support/simulated-aws.ts';
import { call } from '../../cli/calls.ts';

jest.setTimeout(60_000);

let aws: SimulatedAws;
beforeEach(async () => {
  aws = await createSimulatedAws({ versions: {}, rate: 50 });
});
afterEach(() => aws.close());

const names = () => aws.targetGroups.map((arn) => arn.slice(arn.indexOf('targetgroup/')));
const requestsOf = (group: string) => ({
  Namespace: 'AWS/ApplicationELB',
  MetricName: 'RequestCount',
  Dimensions: [
    { Name: 'TargetGroup', Value: group },
    { Name: 'LoadBalancer', Value: 'app/web/1' },
  ],
});

async function planned(...options: string[]) {
  const { clock, clients, until } = aws;
  const args = ['plan', '--cluster', 'shop', '--service', 'web', ...options, '--image'];
  return until(
    call([...args, `registry.example.com/shop/web@sha256:${'a'.repeat(64)}`], {
      env: { AWS_REGION: 'eu-west-1' },
      clock,
      clients,
    }),
  );
}

const TARGET = {
  ServiceNamespace: 'ecs',
  ResourceId: 'service/shop/web',
  ScalableDimension: 'ecs:service:DesiredCount',
} as const;

async function scaleBy(policy: Partial<PutScalingPolicyCommandInput>): Promise<void> {
  const scaling = await aws.bystander.applicationAutoScaling();
  await scaling.send(new RegisterScalableTargetCommand({ ...TARGET, MinCapacity: 2, MaxCapacity: 9 }));
  await scaling.send(
    new PutScalingPolicyCommand({
      ...TARGET,
      PolicyName: 'requests',
      PolicyType: 'TargetTrackingScaling',
      ...policy,
    }),
  );
}

async function alarmOn(alarm: Partial<PutMetricAlarmCommandInput>): Promise<void> {
  const cloudWatch = await aws.bystander.cloudWatch();
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'errors',
      EvaluationPeriods: 1,
      Threshold: 10,
      ComparisonOperator: 'GreaterThanThreshold',
      ...alarm,
    }),
  );
}

test('scaling by ALBRequestCountPerTarget names one group: a warning with the fix', async () => {
  await scaleBy({
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: 100,
      PredefinedMetricSpecification: {
        PredefinedMetricType: 'ALBRequestCountPerTarget',
        ResourceLabel: `app/web/1/${names()[1]}`,
      },
    },
  });
  const { code, stdout } = await planned();
  expect(code).toBe(0);
  expect(stdout).toContain(
    'warning: Service web scales by the requests of target group web-green only (scaling policy "requests"). With each release ECS moves all requests to the other group: after every second release they are in web-blue',
  );
  expect(stdout).toContain('by metric math');
});

test('scaling by the CPU, or by both groups, is not warned', async () => {
  await scaleBy({
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: 100,
      CustomizedMetricSpecification: {
        Metrics: names().map((group, index) => ({
          Id: `m${index}`,
          ReturnData: false,
          MetricStat: { Stat: 'Sum', Metric: requestsOf(group) },
        })),
      },
    },
  });
  await scaleBy({
    PolicyName: 'cpu',
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: 50,
      PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
    },
  });
  expect((await planned()).stdout).not.toContain('warning');
});

test('an alarm in alarms that names one group is warned; one of the load balancer is not', async () => {
  await alarmOn({ ...requestsOf(names()[0]!), Statistic: 'Sum', Period: 60 });
  await alarmOn({
    ...requestsOf(names()[0]!),
    AlarmName: 'all',
    Dimensions: [{ Name: 'LoadBalancer', Value: 'app/web/1' }],
    Statistic: 'Sum',
    Period: 60,
  });
  const { code, stdout } = await planned('--alarms', 'errors\nall');
  expect(code).toBe(0);
  expect(stdout).toContain(
    'warning: alarms: alarm "errors" watches target group web-blue of service web only.',
  );
  expect(stdout).not.toContain('"all"');
});

test('an alarm that adds both groups is not warned', async () => {
  await alarmOn({
    Metrics: [
      ...names().map((group, index) => ({
        Id: `m${index}`,
        ReturnData: false,
        MetricStat: { Stat: 'Sum', Period: 60, Metric: requestsOf(group) },
      })),
      { Id: 'all', Expression: 'FILL(m0, 0) + FILL(m1, 0)', ReturnData: true },
    ],
  });
  expect((await planned('--alarms', 'errors')).stdout).not.toContain('warning');
});

test('a step scaling policy is as blind as its alarms', () => {
  const [blue, green] = aws.targetGroups;
  const policies = [{ PolicyName: 'steps', PolicyType: 'StepScaling' as const, Alarms: [alarmRef('busy')] }];
  const alarm = { AlarmName: 'busy', ...requestsOf(names()[0]!) };
  const watching = { service: 'web', targetGroups: [blue, green] as const, watched: [], policies: [] };
  expect(blindSpots({ ...watching, alarms: [alarm] })).toEqual([]);
  const complete = policies.map((policy) => ({ ...policy, ...REST }));
  expect(blindSpots({ ...watching, alarms: [alarm], policies: complete })).toEqual([
    expect.stringContaining('scales by the requests of target group web-blue only (scaling policy "steps")'),
  ]);
});

const alarmRef = (AlarmName: string) => ({ AlarmName, AlarmARN: `arn:aws:cloudwatch:::alarm:${AlarmName}` });
const REST = { ...TARGET, PolicyARN: 'arn:policy', CreationTime: new Date(0) };

test('a role that may not read the scaling policies is told once, and the release goes on', async () => {
  aws.wire.faults.add([
    {
      service: 'application-auto-scaling',
      operation: 'DescribeScalingPolicies',
      error: 'AccessDenied',
      times: 9,
    },
  ]);
  const { code, stdout } = await planned();
  expect(code).toBe(0);
  expect(stdout.match(/AWS denied application-autoscaling:DescribeScalingPolicies/g)).toHaveLength(1);
  expect(stdout).not.toContain('warning');
});
