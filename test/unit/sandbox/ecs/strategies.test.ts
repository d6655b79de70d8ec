import { describe, expect, test } from '@jest/globals';
import { MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import { BLUE, createStage, GREEN, paused, PRODUCTION } from './support.ts';

const LINEAR_AT_ONCE = {
  strategy: 'LINEAR',
  linearConfiguration: { stepPercent: 100, stepBakeTimeInMinutes: 0 },
} as const;
const WITHOUT_BALANCER = { loadBalancers: [] };

describe('ROLLING', () => {
  test('100/200: starts all new tasks, and stops an old one only for a healthy new one', async () => {
    const stage = createStage();
    await stage.serving({}, { desiredCount: 4 });
    stage.deploy(stage.register());
    let most = 0;
    await stage.until(() => {
      const healthy = stage.balancer.health(BLUE).filter((target) => target.state === 'healthy');
      expect(healthy.length).toBeGreaterThanOrEqual(4);
      most = Math.max(most, stage.tasks().length);
      return stage.deployment().status === 'SUCCESSFUL';
    });
    expect(most).toBe(8);
    expect(stage.tasks('STOPPED').filter((task) => task.lastStatus === 'STOPPED')).toHaveLength(4);
    expect(stage.tasks()).toHaveLength(4);
    expect(stage.production()).toEqual({ [BLUE]: 100, [GREEN]: 0 });
  });

  test('50/100: stops half first and never wants more than the desired count', async () => {
    const stage = createStage();
    await stage.serving({ minimumHealthyPercent: 50, maximumPercent: 100 }, { desiredCount: 4 });
    stage.deploy(stage.register());
    let least = 4;
    await stage.until(() => {
      const healthy = stage.balancer.health(BLUE).filter((target) => target.state === 'healthy');
      least = Math.min(least, healthy.length);
      expect(stage.tasks().length).toBeLessThanOrEqual(4);
      return stage.deployment().status === 'SUCCESSFUL';
    });
    expect(least).toBe(2);
  });

  test('the circuit breaker rolls back a revision that cannot start, with the old tasks serving throughout', async () => {
    const stage = createStage();
    await stage.serving({ deploymentCircuitBreaker: { enable: true, rollback: true } });
    stage.deploy(stage.register('cannot-pull'));
    await stage.until(() => {
      expect(stage.balancer.health(BLUE).filter((target) => target.state === 'healthy')).toHaveLength(2);
      return stage.deployment().status === 'ROLLBACK_SUCCESSFUL';
    });
    expect(stage.deployment()).toMatchObject({
      deploymentCircuitBreaker: { status: 'TRIGGERED', threshold: 3 },
      rollback: { reason: 'ECS deployment circuit breaker: tasks failed to start.' },
    });
    expect(stage.service().taskDefinition).toMatch(/web:1$/);
    expect(stage.service().deployments).toHaveLength(1);
  });

  test('without rollback the circuit breaker stops the deployment and leaves the old tasks', async () => {
    const stage = createStage();
    await stage.serving({ deploymentCircuitBreaker: { enable: true, rollback: false } });
    stage.deploy(stage.register('crashes'));
    await stage.until(() => stage.deployment().status === 'STOPPED');
    await stage.clock.advance(MINUTE);
    expect(stage.tasks().every((task) => task.taskDefinitionArn?.endsWith('web:1'))).toBe(true);
    expect(stage.tasks()).toHaveLength(2);
    expect(stage.service().deployments?.[0]).toMatchObject({ status: 'PRIMARY', rolloutState: 'FAILED' });
  });

  test('without a circuit breaker a revision that crashes is tried for ever, ever more rarely', async () => {
    const stage = createStage();
    await stage.serving({});
    stage.deploy(stage.register('crashes'));
    await stage.clock.advance(10 * MINUTE);
    expect(stage.deployment().status).toBe('IN_PROGRESS');
    const stopped = stage.tasks('STOPPED');
    expect(stopped.length).toBeGreaterThan(6);
    expect(stopped.length).toBeLessThan(20);
  });

  test('percentages that allow no move are told as an event', async () => {
    const stage = createStage();
    await stage.serving({ minimumHealthyPercent: 60, maximumPercent: 120 }, { desiredCount: 1 });
    stage.deploy(stage.register());
    await stage.clock.advance(MINUTE);
    expect(stage.deployment().status).toBe('IN_PROGRESS');
    expect(stage.events()[0]).toMatch(/was unable to stop or start tasks during a deployment/);
  });

  test('a newer deployment takes the place of a running one', async () => {
    const stage = createStage();
    await stage.serving({}, { desiredCount: 4 });
    stage.deploy(stage.register('sick'));
    await stage.clock.advance(30 * SECOND);
    const superseded = stage.deployment().serviceDeploymentArn;
    stage.deploy(stage.register());
    expect(stage.deployment(superseded).status).toBe('STOPPED');
    await stage.until(() => stage.deployment().status === 'SUCCESSFUL');
    expect(stage.tasks()).toHaveLength(4);
    expect(stage.tasks().every((task) => task.taskDefinitionArn?.endsWith('web:3'))).toBe(true);
  });

  test('without a load balancer a task counts once it has run for a while', async () => {
    const stage = createStage({ healthyAfter: 40 * SECOND });
    stage.createService({}, WITHOUT_BALANCER);
    await stage.until(() => stage.service().runningCount === 2);
    await stage.clock.advance(30 * SECOND);
    expect(stage.deployment().status).toBe('IN_PROGRESS');
    await stage.clock.advance(15 * SECOND);
    expect(stage.deployment().status).toBe('SUCCESSFUL');
  });
});

describe('BLUE_GREEN', () => {
  test('shifts everything at once, and keeps both revisions for the bake time', async () => {
    const stage = createStage();
    await stage.serving({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5 });
    stage.deploy(stage.register());
    const weights = new Set<number>();
    await stage.until(() => {
      weights.add(stage.production()[GREEN] ?? -1);
      return stage.deployment().lifecycleStage === 'BAKE_TIME';
    });
    expect([...weights]).toEqual([0, 100]);
    await stage.clock.advance(5 * MINUTE - 2 * SECOND);
    expect(stage.tasks()).toHaveLength(4);
    await stage.until(() => stage.deployment().status === 'SUCCESSFUL');
    expect(stage.tasks()).toHaveLength(2);
  });

  test('a second new version while one is on its way is refused', async () => {
    const stage = createStage();
    await stage.serving({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5 });
    stage.deploy(stage.register());
    await stage.clock.advance(20 * SECOND);
    const taskDefinition = stage.register();
    const refusal = stage.refusal('UpdateService', { cluster: 'main', service: 'web', taskDefinition });
    expect(refusal).toEqual({
      code: 'InvalidParameterException',
      message: expect.stringMatching(/IN_PROGRESS/),
    });
    expect(stage.service().taskDefinition).toMatch(/web:2$/);
  });
});

describe('CANARY', () => {
  test('has two steps, with the bake time after the first only', async () => {
    const stage = createStage();
    await stage.serving({
      strategy: 'CANARY',
      canaryConfiguration: { canaryPercent: 12.5, canaryBakeTimeInMinutes: 10 },
    });
    stage.deploy(stage.register());
    await stage.until(() => stage.production()[GREEN] === 125);
    expect(stage.production()).toEqual({ [BLUE]: 875, [GREEN]: 125 });
    const shifted = stage.clock.now();
    await stage.until(() => stage.production()[GREEN] === 100);
    const baked = stage.clock.now() - shifted;
    expect(baked).toBeGreaterThanOrEqual(10 * MINUTE);
    expect(baked).toBeLessThan(10 * MINUTE + 10 * SECOND);
    await stage.until(() => stage.deployment().status === 'SUCCESSFUL');
    expect(stage.clock.now() - shifted).toBeLessThan(11 * MINUTE);
  });

  test('an alarm rolls back; one that fired before the start does not', async () => {
    const stage = createStage();
    stage.firing.add('noisy');
    await stage.serving({
      strategy: 'CANARY',
      alarms: { alarmNames: ['noisy', 'errors'], enable: true, rollback: true },
    });
    stage.deploy(stage.register());
    await stage.until(() => stage.production()[GREEN] === 5);
    expect(stage.deployment().alarms?.status).toBe('MONITORING');
    stage.firing.add('errors');
    await stage.until(() => stage.deployment().status === 'ROLLBACK_SUCCESSFUL');
    expect(stage.deployment().alarms).toMatchObject({ status: 'TRIGGERED', triggeredAlarmNames: ['errors'] });
    expect(stage.production()).toEqual({ [BLUE]: 100, [GREEN]: 0 });
  });
});

describe('an alarm that fires', () => {
  const alarms = { alarmNames: ['errors'], enable: true, rollback: true };
  const hour = 60;

  test.each([
    ['in the bake of BLUE_GREEN', { strategy: 'BLUE_GREEN', bakeTimeInMinutes: hour }, 100],
    [
      'in the bake of a step of CANARY',
      { strategy: 'CANARY', canaryConfiguration: { canaryBakeTimeInMinutes: hour } },
      5,
    ],
    [
      'in the bake of a step of LINEAR',
      { strategy: 'LINEAR', linearConfiguration: { stepBakeTimeInMinutes: hour } },
      10,
    ],
    ['in the bake at the end of LINEAR', { ...LINEAR_AT_ONCE, bakeTimeInMinutes: hour }, 100],
    ['at a pause of LINEAR', paused(30), 0],
  ] as const)('%s gives the old version all traffic back', async (_, configuration, percent) => {
    const stage = createStage();
    await stage.serving({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 });
    const old = stage.service().taskDefinition;
    const deploymentConfiguration = { bakeTimeInMinutes: 0, ...configuration, alarms };
    stage.call('UpdateService', {
      cluster: 'main',
      service: 'web',
      taskDefinition: stage.register(),
      deploymentConfiguration,
    });
    if (percent === 0) await stage.until(() => stage.pause() !== null, 'a pause');
    else await stage.until(() => stage.production()[GREEN] === percent);
    await stage.clock.advance(30 * SECOND);
    expect(stage.deployment().status).toBe('IN_PROGRESS');

    stage.firing.add('errors');
    await stage.until(() => stage.deployment().status === 'ROLLBACK_SUCCESSFUL');
    expect(stage.production()).toEqual({ [BLUE]: 100, [GREEN]: 0 });
    expect(stage.service().taskDefinition).toBe(old);
    expect(stage.tasks().every(({ taskDefinitionArn }) => taskDefinitionArn === old)).toBe(true);
  });

  test('while ROLLING rolls back, and with rollback false only stops', async () => {
    for (const [rollback, status] of [
      [true, 'ROLLBACK_SUCCESSFUL'],
      [false, 'STOPPED'],
    ] as const) {
      const stage = createStage();
      await stage.serving({ strategy: 'ROLLING', alarms: { ...alarms, rollback } });
      stage.deploy(stage.register('sick'));
      await stage.until(() => stage.deployment().status === 'IN_PROGRESS');
      stage.firing.add('errors');
      await stage.until(() => stage.deployment().status === status);
      expect(stage.deployment().alarms).toMatchObject({ status: 'TRIGGERED' });
    }
  });
});

describe('after an abort', () => {
  test('traffic and tasks stay as they are, and the next deployment first puts them right', async () => {
    const stage = createStage();
    await stage.serving({
      strategy: 'LINEAR',
      linearConfiguration: { stepPercent: 50, stepBakeTimeInMinutes: 5 },
    });
    stage.deploy(stage.register());
    await stage.until(() => stage.production()[GREEN] === 50);
    stage.stopDeployment('ABORT');
    await stage.clock.advance(MINUTE);
    expect(stage.deployment().status).toBe('STOPPED');
    expect(stage.production()).toEqual({ [BLUE]: 50, [GREEN]: 50 });
    expect(stage.tasks()).toHaveLength(4);

    stage.deploy(stage.register());
    await stage.until(() => stage.deployment().lifecycleStage === 'RECONCILE_SERVICE');
    expect(stage.production()).toEqual({ [BLUE]: 100, [GREEN]: 0 });
    await stage.until(() => stage.deployment().lifecycleStage === 'PRE_SCALE_UP');
    expect(stage.tasks()).toHaveLength(2);
    await stage.until(() => stage.deployment().status === 'SUCCESSFUL');
    expect(stage.tasks().every((task) => task.taskDefinitionArn?.endsWith('web:3'))).toBe(true);
  });
});

describe('the first deployment of a service', () => {
  test('has nothing to roll back to: it stops, and so do its tasks', async () => {
    const stage = createStage();
    stage.createService({ strategy: 'LINEAR' });
    await stage.until(() => stage.deployment().lifecycleStage === 'POST_SCALE_UP');
    stage.stopDeployment();
    expect(stage.deployment()).toMatchObject({ status: 'STOPPED', rollback: undefined });
    await stage.until(() => stage.tasks().length === 0);
  });

  test('gets all traffic in one step', async () => {
    const stage = createStage();
    const weights = new Set<number>();
    stage.createService({ strategy: 'LINEAR' });
    await stage.until(() => {
      weights.add(stage.production()[BLUE] ?? -1);
      return stage.deployment().status === 'SUCCESSFUL';
    });
    expect([...weights]).toEqual([100]);
    expect(stage.balancer.weights(PRODUCTION)).toEqual({ [BLUE]: 100, [GREEN]: 0 });
  });
});
