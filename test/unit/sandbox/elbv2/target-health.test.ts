import { describe, expect, test } from '@jest/globals';
import { blueGreen, elbv2, refusal } from './support.ts';

const ONE = { id: '10.0.0.1', port: 8080 };
const TWO = { id: '10.0.0.2', port: 8080 };

describe('health', () => {
  test('a target that nobody forwards to is unused and not checked, until a listener uses its group', async () => {
    const { call, clock, plane, createLoadBalancer, createTargetGroup, createListener, healthOf } = elbv2();
    const group = await createTargetGroup('blue');
    await call('RegisterTargets', { TargetGroupArn: group, Targets: [{ Id: ONE.id }] });
    await clock.advance(100_000);
    expect(await healthOf(group)).toEqual({ [ONE.id]: 'unused Target.NotInUse' });
    expect(plane.probes).toBe(0);

    await createListener(await createLoadBalancer(), 80, [{ Type: 'forward', TargetGroupArn: group }]);
    expect(await healthOf(group)).toEqual({ [ONE.id]: 'initial Elb.RegistrationInProgress' });
    await clock.advance(0);
    expect(await healthOf(group)).toEqual({ [ONE.id]: 'healthy' });
  });

  test('falls after as many failures, and comes back after as many successes, as the thresholds say', async () => {
    const { clock, plane, loadBalancing, healthOf, blue } = await blueGreen();
    loadBalancing.register(blue, ONE);
    await clock.advance(0);
    plane.health.set(ONE.id, { status: 500 });
    await clock.advance(30_000);
    expect(await healthOf(blue)).toEqual({ [ONE.id]: 'healthy' });
    await clock.advance(30_000);
    expect(await healthOf(blue)).toEqual({ [ONE.id]: 'unhealthy Target.ResponseCodeMismatch' });
    plane.health.set(ONE.id, { status: 200 });
    await clock.advance(4 * 30_000);
    expect(await healthOf(blue)).toEqual({ [ONE.id]: 'unhealthy Target.ResponseCodeMismatch' });
    await clock.advance(30_000);
    expect(await healthOf(blue)).toEqual({ [ONE.id]: 'healthy' });
  });

  test.each([
    [{ problem: 'timeout' as const }, 'unhealthy Target.Timeout'],
    [{ problem: 'unreachable' as const }, 'unhealthy Target.FailedHealthChecks'],
  ])('%j makes a new target unhealthy', async (answer, expected) => {
    const { clock, plane, loadBalancing, healthOf, blue } = await blueGreen();
    plane.health.set(ONE.id, answer);
    loadBalancing.register(blue, ONE);
    await clock.advance(0);
    expect(await healthOf(blue)).toEqual({ [ONE.id]: 'initial Elb.InitialHealthChecking' });
    await clock.advance(30_000);
    expect(await healthOf(blue)).toEqual({ [ONE.id]: expected });
  });

  test('the interval can be scaled down, and ModifyTargetGroup changes what the next check expects', async () => {
    const { call, clock, plane, loadBalancing, healthOf, blue } = await blueGreen({ healthCheckScale: 0.1 });
    plane.health.set(ONE.id, { status: 204 });
    loadBalancing.register(blue, ONE);
    await clock.advance(3_000);
    expect(await healthOf(blue)).toEqual({ [ONE.id]: 'unhealthy Target.ResponseCodeMismatch' });
    await call('ModifyTargetGroup', {
      TargetGroupArn: blue,
      Matcher: { HttpCode: '200,202-204' },
      HealthyThresholdCount: 2,
    });
    await clock.advance(6_000);
    expect(await healthOf(blue)).toEqual({ [ONE.id]: 'healthy' });
  });

  test('only healthy targets get requests, but all when none is healthy', async () => {
    const { clock, plane, loadBalancing, targetsOn, blue } = await blueGreen();
    plane.health.set(TWO.id, { status: 500 });
    loadBalancing.register(blue, ONE);
    loadBalancing.register(blue, TWO);
    await clock.advance(60_000);
    expect(targetsOn(80)).toEqual([[ONE.id], []]);
    plane.health.set(ONE.id, { status: 500 });
    await clock.advance(60_000);
    expect(targetsOn(80)).toEqual([[ONE.id, TWO.id], []]);
  });

  test('hosts are counted, healthy and unhealthy, under the group and its load balancer', async () => {
    const { clock, plane, samples, loadBalancing, blue } = await blueGreen();
    plane.health.set(TWO.id, { status: 500 });
    loadBalancing.register(blue, ONE);
    loadBalancing.register(blue, TWO);
    await clock.advance(40_000);
    const last = (metric: string) =>
      samples.findLast(
        ({ metric: name, dimensions }) => name === metric && /blue/.test(dimensions[0]!.TargetGroup!),
      );
    expect(last('HealthyHostCount')).toMatchObject({ value: 1, namespace: 'AWS/ApplicationELB' });
    expect(last('UnHealthyHostCount')!.value).toBe(1);
    expect(Object.keys(last('HealthyHostCount')!.dimensions[0]!)).toEqual(['TargetGroup', 'LoadBalancer']);
  });

  test('after close nothing is checked any more, and the data plane is told nothing', async () => {
    const { clock, plane, loadBalancing, close, defaultRuleArn, weightsOn, blue } = await blueGreen({
      propagation: 1_000,
    });
    loadBalancing.register(blue, ONE);
    await clock.advance(0);
    loadBalancing.setWeights(defaultRuleArn, new Map([[blue, 7]]));
    await close();
    await clock.advance(100_000);
    expect(plane.probes).toBe(1);
    expect(weightsOn(80)).toEqual([100, 0]);
  });
});

describe('deregistration', () => {
  test('a target drains while it still answers requests, gets no new ones, and is gone when they have ended', async () => {
    const { clock, plane, loadBalancing, healthOf, targetsOn, blue } = await blueGreen();
    loadBalancing.register(blue, ONE);
    loadBalancing.register(blue, TWO);
    await clock.advance(0);
    plane.inFlight.set(ONE.id, 3);
    loadBalancing.deregister(blue, ONE);
    await clock.advance(5_000);
    expect(await healthOf(blue)).toEqual({
      [ONE.id]: 'draining Target.DeregistrationInProgress',
      [TWO.id]: 'healthy',
    });
    expect(targetsOn(80)).toEqual([[TWO.id], []]);
    plane.inFlight.set(ONE.id, 0);
    await clock.advance(1_000);
    expect(await healthOf(blue)).toEqual({ [TWO.id]: 'healthy' });
  });

  test('at the latest after the deregistration delay', async () => {
    const { call, clock, plane, loadBalancing, healthOf, targetsOn, blue } = await blueGreen();
    const Attributes = [{ Key: 'deregistration_delay.timeout_seconds', Value: '20' }];
    await call('ModifyTargetGroupAttributes', { TargetGroupArn: blue, Attributes });
    loadBalancing.register(blue, ONE);
    plane.inFlight.set(ONE.id, 1);
    loadBalancing.deregister(blue, ONE);
    await clock.advance(19_999);
    expect(Object.keys(await healthOf(blue))).toEqual([ONE.id]);
    // Also for the last target: without healthy targets all receive requests, except draining ones.
    expect(targetsOn(80)).toEqual([[], []]);
    await clock.advance(1);
    expect(await healthOf(blue)).toEqual({});
  });

  test('a target that is registered again while it drains comes back', async () => {
    const { clock, plane, loadBalancing, healthOf, targetsOn, blue } = await blueGreen();
    loadBalancing.register(blue, ONE);
    plane.inFlight.set(ONE.id, 1);
    loadBalancing.deregister(blue, ONE);
    loadBalancing.register(blue, ONE);
    await clock.advance(400_000);
    expect(await healthOf(blue)).toEqual({ [ONE.id]: 'healthy' });
    expect(targetsOn(80)).toEqual([[ONE.id], []]);
  });

  test('what was never registered can be deregistered without effect, and is described as such', async () => {
    const { call, blue } = await blueGreen();
    const Targets = [{ Id: ONE.id, Port: 8080 }];
    await call('DeregisterTargets', { TargetGroupArn: blue, Targets });
    const { TargetHealthDescriptions } = await call('DescribeTargetHealth', {
      TargetGroupArn: blue,
      Targets,
    });
    expect(TargetHealthDescriptions[0].TargetHealth).toMatchObject({
      State: 'unused',
      Reason: 'Target.NotRegistered',
    });
  });
});

test.each([
  ['ip', 'i-123', 'ValidationError', 'not a valid IPv4 address'],
  ['instance', '10.0.0.1', 'InvalidTarget', 'instance ID'],
])('a target group of type %s refuses %s', async (TargetType, Id, code, message) => {
  const { call, createTargetGroup } = elbv2();
  const TargetGroupArn = await createTargetGroup('group', { TargetType });
  await expect(call('RegisterTargets', { TargetGroupArn, Targets: [{ Id }] })).rejects.toEqual(
    refusal(code, message),
  );
});
