import { setTimeout as wait } from 'node:timers/promises';
import type { GetMetricDataOutput } from '@aws-sdk/client-cloudwatch';
import { afterEach, expect, test } from '@jest/globals';
import { createBalancer } from '../../sandbox/balancer/balancer.ts';
import { createCloudWatch } from '../../sandbox/cloudwatch/cloudwatch.ts';
import { createElbv2, metricDimensions } from '../../sandbox/elbv2/elbv2.ts';
import { systemClock } from '../../src/core/time/clock.ts';
import { createRig, freePort, send } from './balancer-rig.ts';

const caller = { account: '123456789012', region: 'eu-central-1', accessKeyId: 'test' };
const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

// oxlint-disable-next-line typescript/no-explicit-any -- as it comes off the wire
const described = (output: any): GetMetricDataOutput => output;

/** The API, the real balancer and CloudWatch, with one target in each of two groups. */
async function stack() {
  const rig = createRig();
  const cloudWatch = createCloudWatch({ clock: systemClock, lag: 0 });
  const dataPlane = createBalancer({ clock: systemClock, metrics: cloudWatch.sink });
  const { service, loadBalancing, close } = createElbv2({
    clock: systemClock,
    account: caller.account,
    region: caller.region,
    dataPlane,
    metrics: cloudWatch.sink,
    healthCheckScale: 0.02,
  });
  ends.push(close, cloudWatch.close, rig.close);
  // oxlint-disable-next-line typescript/no-explicit-any -- each use reads the reply's shape as the SDK would
  const call = async (operation: string, input: object): Promise<any> =>
    service.operations[operation]!(input, caller);

  const { LoadBalancers } = await call('CreateLoadBalancer', { Name: 'shop', Subnets: ['a', 'b'] });
  const loadBalancerArn: string = LoadBalancers[0].LoadBalancerArn;
  const createGroup = async (Name: string): Promise<string> => {
    const input = {
      Name,
      Protocol: 'HTTP',
      Port: 80,
      VpcId: 'vpc',
      TargetType: 'ip',
      HealthCheckPath: '/health',
    };
    return (await call('CreateTargetGroup', input)).TargetGroups[0].TargetGroupArn;
  };
  const [blue, green] = [await createGroup('blue'), await createGroup('green')];
  const port = await freePort();
  const { Listeners } = await call('CreateListener', {
    LoadBalancerArn: loadBalancerArn,
    Protocol: 'HTTP',
    Port: port,
    DefaultActions: [
      {
        Type: 'forward',
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: blue, Weight: 100 },
            { TargetGroupArn: green, Weight: 0 },
          ],
        },
      },
    ],
  });
  const { Rules } = await call('DescribeRules', { ListenerArn: Listeners[0].ListenerArn });
  const ruleArn: string = Rules[0].RuleArn;

  const healthy = async (group: string) => {
    while (!loadBalancing.health(group).every(({ state }) => state === 'healthy')) await wait(10);
  };
  /** A statistic of the last minutes, after the second of the last sample has ended. */
  const metric = async (name: string, stat: string, group: string | null) => {
    await wait(1_000);
    const dimensions = metricDimensions(loadBalancerArn, group);
    const output = described(
      await cloudWatch.service.operations.GetMetricData!(
        {
          StartTime: new Date(systemClock.now() - 120_000),
          EndTime: new Date(systemClock.now() + 1_000),
          MetricDataQueries: [
            {
              Id: 'm',
              MetricStat: {
                Metric: {
                  Namespace: 'AWS/ApplicationELB',
                  MetricName: name,
                  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
                },
                Period: 1,
                Stat: stat,
              },
            },
          ],
        },
        caller,
      ),
    );
    return output.MetricDataResults![0]!.Values!;
  };
  const total = async (name: string, group: string | null) =>
    (await metric(name, 'Sum', group)).reduce((sum, value) => sum + value, 0);

  return { rig, loadBalancing, loadBalancerArn, blue, green, port, ruleArn, healthy, metric, total };
}

test('shifts traffic and drains a target under load without losing or miscounting a request', async () => {
  const { rig, loadBalancing, blue, green, port, ruleArn, healthy, total } = await stack();
  const [old, leaving, fresh] = await Promise.all(
    ['old', 'leaving', 'fresh'].map((name) =>
      rig.startTarget((_, response) => void setTimeout(() => response.end(name), 20)),
    ),
  );
  loadBalancing.register(blue, old!);
  loadBalancing.register(blue, leaving!);
  loadBalancing.register(green, fresh!);
  await healthy(blue);
  await healthy(green);

  const replies: Record<string, number> = {};
  const stop = new AbortController();
  const clients = Array.from({ length: 10 }, async () => {
    while (!stop.signal.aborted) {
      const { status, body } = await send(port, { agent: rig.agent });
      const kind = status === 200 ? body : String(status);
      replies[kind] = (replies[kind] ?? 0) + 1;
    }
  });
  await wait(500);
  loadBalancing.deregister(blue, leaving!);
  while (loadBalancing.health(blue).length > 1) await wait(10);
  // As in ECS, the task ends when its target has drained.
  leaving!.server.close();
  leaving!.server.closeAllConnections();
  await wait(500);
  loadBalancing.setWeights(
    ruleArn,
    new Map([
      [blue, 0],
      [green, 100],
    ]),
  );
  await wait(50);
  const oldBefore = replies.old;
  await wait(500);
  stop.abort();
  await Promise.all(clients);

  expect(Object.keys(replies).toSorted()).toEqual(['fresh', 'leaving', 'old']);
  expect(replies.old! - oldBefore!).toBeLessThanOrEqual(10);
  const sent = replies.old! + replies.leaving! + replies.fresh!;
  expect(await total('RequestCount', null)).toBe(sent);
  expect(await total('RequestCount', blue)).toBe(replies.old! + replies.leaving!);
  expect(await total('HTTPCode_Target_2XX_Count', green)).toBe(replies.fresh);
  expect(await total('HTTPCode_ELB_5XX_Count', null)).toBe(0);
}, 60_000);

test('response times are in seconds, and CloudWatch returns the share above a threshold', async () => {
  const { rig, loadBalancing, blue, port, healthy, metric } = await stack();
  const target = await rig.startTarget((request, response) => {
    setTimeout(() => response.end(), request.url === '/slow' ? 150 : 0);
  });
  loadBalancing.register(blue, target);
  await healthy(blue);
  const paths = ['/', '/', '/', '/slow'];
  for (const path of paths) await send(port, { path });
  const slow = (await metric('TargetResponseTime', 'TC(0.15:)', blue)).reduce((sum, value) => sum + value, 0);
  expect(slow).toBe(1);
  expect(Math.max(...(await metric('TargetResponseTime', 'Maximum', blue)))).toBeLessThan(5);
});

test('a target whose process has ended causes 502 until the health check notices, counted as requests without an answer', async () => {
  const { rig, loadBalancing, blue, green, port, ruleArn, healthy, total } = await stack();
  const good = await rig.startTarget((_, response) => void response.end());
  const dying = await rig.startTarget((_, response) => void response.end());
  loadBalancing.register(blue, good);
  loadBalancing.register(green, dying);
  await healthy(green);
  loadBalancing.setWeights(
    ruleArn,
    new Map([
      [blue, 0],
      [green, 1],
    ]),
  );
  await wait(10);
  dying.server.close();
  dying.server.closeAllConnections();

  const statuses = new Set<number>();
  for (let i = 0; i < 5; i++) statuses.add((await send(port)).status);
  expect([...statuses]).toEqual([502]);
  expect(await total('RequestCount', green)).toBe(5);
  expect(await total('HTTPCode_Target_2XX_Count', green)).toBe(0);
  expect(await total('HTTPCode_ELB_502_Count', null)).toBe(5);
  while (loadBalancing.health(green)[0]!.state !== 'unhealthy') await wait(10);
  expect(loadBalancing.health(green)[0]!.description).toBe('Health checks failed');
}, 30_000);
