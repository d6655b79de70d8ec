import { describe, expect, test } from '@jest/globals';
import { DescribeServicesCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { MINUTE } from '../../../../src/core/time/clock.ts';
import { createSimulatedAws, type SimulatedAwsOptions } from '../../../support/simulated-aws.ts';

/** A service with two tasks of 512 CPU units, in a cluster of these instances. */
const onInstances = (options: Partial<SimulatedAwsOptions>) =>
  createSimulatedAws({ versions: {}, task: { cpu: 512, memory: 1024 }, ...options });

async function release(aws: Awaited<ReturnType<typeof onInstances>>, image: string) {
  const ecs = await aws.bystander.ecs();
  await ecs.send(
    new UpdateServiceCommand({ cluster: 'shop', service: 'web', taskDefinition: await aws.register(image) }),
  );
}

async function serviceOf(aws: Awaited<ReturnType<typeof onInstances>>) {
  const ecs = await aws.bystander.ecs();
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['web'] }));
  return services![0]!;
}

describe('a simulated cluster with container instances', () => {
  test('serves users from the dynamic ports of its instances', async () => {
    const aws = await onInstances({
      instances: [{ ec2InstanceId: 'i-1', cpu: 4096, memory: 8192 }],
      task: { cpu: 512, memory: 1024, networkMode: 'bridge' },
    });
    const targets = aws.loadBalancing.health(aws.targetGroups[0]);
    expect(targets.map(({ id, state }) => [id, state])).toEqual([
      ['i-1', 'healthy'],
      ['i-1', 'healthy'],
    ]);
    expect(new Set(targets.map(({ port }) => port)).size).toBe(2);
    const failed = () => [...aws.tallies.values()].reduce((sum, tally) => sum + tally.failed, 0);
    const failedBefore = failed();
    await release(aws, 'v2');
    await aws.clock.advance(5 * MINUTE);
    const [target] = aws.loadBalancing.health(aws.targetGroups[1]);
    expect(aws.imageAt(target!)).toBe('v2');
    // One in a thousand of 6000 requests fails by itself.
    expect(failed() - failedBefore).toBeLessThan(50);
    await aws.close();
  });

  test('that is full, has no new tasks until an instance is added', async () => {
    const aws = await onInstances({ instances: [{ cpu: 1024, memory: 8192 }] });
    await release(aws, 'v2');
    await aws.clock.advance(10 * MINUTE);
    expect((await serviceOf(aws)).events![0]!.message).toContain('has insufficient CPU units available.');
    expect(aws.loadBalancing.health(aws.targetGroups[1])).toEqual([]);
    aws.platform.addInstance({ cluster: 'shop', cpu: 1024, memory: 8192 });
    await aws.clock.advance(5 * MINUTE);
    expect((await serviceOf(aws)).deployments).toMatchObject([{ status: 'PRIMARY', runningCount: 2 }]);
    await aws.close();
  });
});

test('a simulated cluster whose capacity provider adds instances has room for both revisions after a while', async () => {
  const aws = await onInstances({
    task: { cpu: 1024, memory: 1024 },
    scaledInstances: { minimum: 1, maximum: 2 },
  });
  await release(aws, 'v2');
  await aws.clock.advance(MINUTE);
  expect(await serviceOf(aws)).toMatchObject({ runningCount: 2, pendingCount: 2 });
  await aws.clock.advance(10 * MINUTE);
  expect((await serviceOf(aws)).deployments).toMatchObject([{ status: 'PRIMARY', runningCount: 2 }]);
  await aws.close();
});
