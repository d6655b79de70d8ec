// Target tracking of Application Auto Scaling on the simulated ECS service.
import {
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
  type TargetTrackingScalingPolicyConfiguration,
} from '@aws-sdk/client-application-auto-scaling';
import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { afterEach, expect, test } from '@jest/globals';
import { MINUTE } from '../../../../src/core/time/clock.ts';
import { settingsOf } from '../../../simulation/platform.ts';
import { createSimulatedAws, type SimulatedAws } from '../../../support/simulated-aws.ts';

let aws: SimulatedAws;
afterEach(() => aws?.close());

const SERVICE = {
  ServiceNamespace: 'ecs',
  ResourceId: 'service/shop/web',
  ScalableDimension: 'ecs:service:DesiredCount',
} as const;

/** Two tasks with 20 requests a second together: 600 a minute each. */
async function scaleBy(tracking: TargetTrackingScalingPolicyConfiguration): Promise<void> {
  const client = await aws.bystander.applicationAutoScaling();
  await client.send(new RegisterScalableTargetCommand({ ...SERVICE, MinCapacity: 1, MaxCapacity: 6 }));
  const policy = { PolicyName: 'requests', PolicyType: 'TargetTrackingScaling' } as const;
  await client.send(
    new PutScalingPolicyCommand({
      ...SERVICE,
      ...policy,
      TargetTrackingScalingPolicyConfiguration: tracking,
    }),
  );
}

const byRequests = (TargetValue: number, group = 0): TargetTrackingScalingPolicyConfiguration => ({
  TargetValue,
  PredefinedMetricSpecification: {
    PredefinedMetricType: 'ALBRequestCountPerTarget',
    ResourceLabel: `${balancer()}/${groupName(group)}`,
  },
});

const groupName = (index: number) => aws.targetGroups[index]!.split(':').at(-1)!;
const balancer = () => /listener-rule\/(app\/[^/]+\/[^/]+)/.exec(aws.rule)![1]!;

const open = async () => (aws = await createSimulatedAws({ versions: { v2: {} }, rate: 20 }));
const desired = async () => (await aws.until(settingsOf(aws))).desiredCount;

test('a service scales out after minutes above the target, up to what the target needs', async () => {
  await open();
  await scaleBy(byRequests(250));
  await aws.clock.advance(2 * MINUTE);
  expect(await desired()).toBe(5);
});

test('it scales in after a quarter of an hour well below the target, down to the minimum', async () => {
  await open();
  await scaleBy(byRequests(2_000));
  await aws.clock.advance(2 * MINUTE);
  expect(await desired()).toBe(2);
  await aws.clock.advance(20 * MINUTE);
  expect(await desired()).toBe(1);
});

test('without data of the target group that it names, it does not scale', async () => {
  await open();
  await scaleBy(byRequests(250, 1));
  await aws.clock.advance(30 * MINUTE);
  expect(await desired()).toBe(2);
});

test('while it is deployed it scales out, but not in', async () => {
  await open();
  await scaleBy(byRequests(2_000));
  const ecs = await aws.bystander.ecs();
  await aws.clock.advance(2 * MINUTE);
  await ecs.send(
    new UpdateServiceCommand({
      cluster: 'shop',
      service: 'web',
      taskDefinition: await aws.register('v2'),
      deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 60 },
    }),
  );
  await aws.clock.advance(30 * MINUTE);
  expect(await desired()).toBe(2);
  await aws.clock.advance(90 * MINUTE);
  expect(await desired()).toBe(2);
});
