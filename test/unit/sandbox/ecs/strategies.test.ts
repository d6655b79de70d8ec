import { describe, expect, test } from '@jest/globals';
import { MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import { BLUE, createStage, GREEN, loadBalancer, paused, PRODUCTION, TEST } from './support.ts';

const LINEAR_AT_ONCE = {
  strategy: 'LINEAR',
  linearConfiguration: { stepPercent: 100, stepBakeTimeInMinutes: 0 },
} as const;
const WITHOUT_BALANCER = { loadBalancers: [] };
const BREAKER = 'Service deployment rolled back because the circuit breaker threshold was exceeded.';

describe('ROLLING', () => {
  test('100/200: starts all new tasks, and stops an old one only for a healthy new one', async () => {
    const sandbox = createStage();
    await sandbox.serving({}, { desiredCount: 4 });
    sandbox.deploy(sandbox.register());
    let most = 0;
    await sandbox.until(() => {
      const healthy = sandbox.balancer.health(BLUE).filter((target) => target.state === 'healthy');
      expect(healthy.length).toBeGreaterThanOrEqual(4);
      most = Math.max(most, sandbox.tasks().length);
      return sandbox.deployment().status === 'SUCCESSFUL';
    });
    expect(most).toBe(8);
    expect(sandbox.tasks('STOPPED').filter((task) => task.lastStatus === 'STOPPED')).toHaveLength(4);
    expect(sandbox.tasks()).toHaveLength(4);
    expect(sandbox.production()).toEqual({ [BLUE]: 100, [GREEN]: 0 });
  });

  test('50/100: stops half first and never wants more than the desired count', async () => {
    const sandbox = createStage();
    await sandbox.serving({ minimumHealthyPercent: 50, maximumPercent: 100 }, { desiredCount: 4 });
    sandbox.deploy(sandbox.register());
    let least = 4;
    await sandbox.until(() => {
      const healthy = sandbox.balancer.health(BLUE).filter((target) => target.state === 'healthy');
      least = Math.min(least, healthy.length);
      expect(sandbox.tasks().length).toBeLessThanOrEqual(4);
      return sandbox.deployment().status === 'SUCCESSFUL';
    });
    expect(least).toBe(2);
  });

  test('the circuit breaker rolls back a revision that cannot start, with the old tasks serving throughout', async () => {
    const sandbox = createStage();
    await sandbox.serving({ deploymentCircuitBreaker: { enable: true, rollback: true } });
    sandbox.deploy(sandbox.register('cannot-pull'));
    await sandbox.until(() => {
      expect(sandbox.balancer.health(BLUE).filter((target) => target.state === 'healthy')).toHaveLength(2);
      return sandbox.deployment().status === 'ROLLBACK_SUCCESSFUL';
    });
    expect(sandbox.deployment()).toMatchObject({
      deploymentCircuitBreaker: { status: 'TRIGGERED', threshold: 3 },
      rollback: { reason: BREAKER },
    });
    expect(sandbox.service().taskDefinition).toMatch(/web:1$/);
    expect(sandbox.service().deployments).toHaveLength(1);
  });

  test.each(['LINEAR', 'CANARY', 'BLUE_GREEN'] as const)(
    'with %s the circuit breaker rolls back a revision that cannot start',
    async (strategy) => {
      const sandbox = createStage();
      await sandbox.serving({
        strategy,
        bakeTimeInMinutes: 0,
        deploymentCircuitBreaker: { enable: true, rollback: true },
      });
      sandbox.deploy(sandbox.register('cannot-pull'));
      await sandbox.until(() => sandbox.deployment().status === 'ROLLBACK_SUCCESSFUL');
      expect(sandbox.deployment()).toMatchObject({
        statusReason: BREAKER,
        deploymentCircuitBreaker: { status: 'TRIGGERED' },
      });
      expect(sandbox.production()).toEqual({ [BLUE]: 100, [GREEN]: 0 });
    },
  );

  test('a circuit breaker with another strategy is refused where the setting says so', async () => {
    const sandbox = createStage({ breakerWithShifting: 'refuse' });
    await sandbox.serving({});
    const deploymentConfiguration = {
      strategy: 'CANARY',
      deploymentCircuitBreaker: { enable: true, rollback: true },
    } as const;
    expect(
      sandbox.refusal('UpdateService', { cluster: 'main', service: 'web', deploymentConfiguration }),
    ).toEqual({
      code: 'InvalidParameterException',
      message: 'deploymentCircuitBreaker can only be used with the ROLLING deployment strategy.',
    });
  });

  test('without rollback the circuit breaker stops the deployment and leaves the old tasks', async () => {
    const sandbox = createStage();
    await sandbox.serving({ deploymentCircuitBreaker: { enable: true, rollback: false } });
    sandbox.deploy(sandbox.register('crashes'));
    await sandbox.until(() => sandbox.deployment().status === 'STOPPED');
    await sandbox.clock.advance(MINUTE);
    expect(sandbox.tasks().every((task) => task.taskDefinitionArn?.endsWith('web:1'))).toBe(true);
    expect(sandbox.tasks()).toHaveLength(2);
    expect(sandbox.service().deployments?.[0]).toMatchObject({ status: 'PRIMARY', rolloutState: 'FAILED' });
  });

  test('without a circuit breaker a revision that crashes is tried for ever, ever more rarely', async () => {
    const sandbox = createStage();
    await sandbox.serving({});
    sandbox.deploy(sandbox.register('crashes'));
    await sandbox.clock.advance(10 * MINUTE);
    expect(sandbox.deployment().status).toBe('IN_PROGRESS');
    const stopped = sandbox.tasks('STOPPED');
    expect(stopped.length).toBeGreaterThan(6);
    expect(stopped.length).toBeLessThan(20);
  });

  test('percentages that allow no move are told as an event', async () => {
    const sandbox = createStage();
    await sandbox.serving({ minimumHealthyPercent: 60, maximumPercent: 120 }, { desiredCount: 1 });
    sandbox.deploy(sandbox.register());
    await sandbox.clock.advance(MINUTE);
    expect(sandbox.deployment().status).toBe('IN_PROGRESS');
    expect(sandbox.events()[0]).toMatch(/was unable to stop or start tasks during a deployment/);
  });

  test('a newer deployment takes the place of a running one', async () => {
    const sandbox = createStage();
    await sandbox.serving({}, { desiredCount: 4 });
    sandbox.deploy(sandbox.register('sick'));
    await sandbox.clock.advance(30 * SECOND);
    const superseded = sandbox.deployment().serviceDeploymentArn;
    sandbox.deploy(sandbox.register());
    expect(sandbox.deployment(superseded).status).toBe('STOPPED');
    await sandbox.until(() => sandbox.deployment().status === 'SUCCESSFUL');
    expect(sandbox.tasks()).toHaveLength(4);
    expect(sandbox.tasks().every((task) => task.taskDefinitionArn?.endsWith('web:3'))).toBe(true);
  });

  test('without a load balancer a task counts once it has run for a while', async () => {
    const sandbox = createStage({ healthyAfter: 40 * SECOND });
    sandbox.createService({}, WITHOUT_BALANCER);
    await sandbox.until(() => sandbox.service().runningCount === 2);
    await sandbox.clock.advance(30 * SECOND);
    expect(sandbox.deployment().status).toBe('IN_PROGRESS');
    await sandbox.clock.advance(15 * SECOND);
    expect(sandbox.deployment().status).toBe('SUCCESSFUL');
  });
});

describe('BLUE_GREEN', () => {
  test('shifts everything at once, and keeps both revisions for the bake time', async () => {
    const sandbox = createStage();
    await sandbox.serving({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5 });
    sandbox.deploy(sandbox.register());
    const weights = new Set<number>();
    await sandbox.until(() => {
      weights.add(sandbox.production()[GREEN] ?? -1);
      return sandbox.deployment().lifecycleStage === 'BAKE_TIME';
    });
    expect([...weights]).toEqual([0, 100]);
    await sandbox.clock.advance(5 * MINUTE - 2 * SECOND);
    expect(sandbox.tasks()).toHaveLength(4);
    await sandbox.until(() => sandbox.deployment().status === 'SUCCESSFUL');
    expect(sandbox.tasks()).toHaveLength(2);
  });

  test('a second new version while one is on its way is refused', async () => {
    const sandbox = createStage();
    await sandbox.serving({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5 });
    sandbox.deploy(sandbox.register());
    await sandbox.clock.advance(20 * SECOND);
    const taskDefinition = sandbox.register();
    const refusal = sandbox.refusal('UpdateService', { cluster: 'main', service: 'web', taskDefinition });
    expect(refusal).toEqual({
      code: 'InvalidParameterException',
      message: expect.stringMatching(/IN_PROGRESS/),
    });
    expect(sandbox.service().taskDefinition).toMatch(/web:2$/);
  });
});

describe('CANARY', () => {
  test('has two steps, with the bake time after the first only', async () => {
    const sandbox = createStage();
    await sandbox.serving({
      strategy: 'CANARY',
      canaryConfiguration: { canaryPercent: 12.5, canaryBakeTimeInMinutes: 10 },
    });
    sandbox.deploy(sandbox.register());
    await sandbox.until(() => sandbox.production()[GREEN] === 125);
    expect(sandbox.production()).toEqual({ [BLUE]: 875, [GREEN]: 125 });
    const shifted = sandbox.clock.now();
    await sandbox.until(() => sandbox.production()[GREEN] === 100);
    const baked = sandbox.clock.now() - shifted;
    expect(baked).toBeGreaterThanOrEqual(10 * MINUTE);
    expect(baked).toBeLessThan(10 * MINUTE + 10 * SECOND);
    await sandbox.until(() => sandbox.deployment().status === 'SUCCESSFUL');
    expect(sandbox.clock.now() - shifted).toBeLessThan(11 * MINUTE);
  });

  test('an alarm rolls back; one that fired before the start does not', async () => {
    const sandbox = createStage();
    sandbox.firing.add('noisy');
    await sandbox.serving({
      strategy: 'CANARY',
      alarms: { alarmNames: ['noisy', 'errors'], enable: true, rollback: true },
    });
    sandbox.deploy(sandbox.register());
    await sandbox.until(() => sandbox.production()[GREEN] === 5);
    expect(sandbox.deployment().alarms?.status).toBe('MONITORING');
    sandbox.firing.add('errors');
    await sandbox.until(() => sandbox.deployment().status === 'ROLLBACK_SUCCESSFUL');
    expect(sandbox.deployment().alarms).toMatchObject({
      status: 'TRIGGERED',
      triggeredAlarmNames: ['errors'],
    });
    expect(sandbox.production()).toEqual({ [BLUE]: 100, [GREEN]: 0 });
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
    const sandbox = createStage();
    await sandbox.serving({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 });
    const old = sandbox.service().taskDefinition;
    const deploymentConfiguration = { bakeTimeInMinutes: 0, ...configuration, alarms };
    sandbox.call('UpdateService', {
      cluster: 'main',
      service: 'web',
      taskDefinition: sandbox.register(),
      deploymentConfiguration,
    });
    if (percent === 0) await sandbox.until(() => sandbox.pause() !== null, 'a pause');
    else await sandbox.until(() => sandbox.production()[GREEN] === percent);
    await sandbox.clock.advance(30 * SECOND);
    expect(sandbox.deployment().status).toBe('IN_PROGRESS');

    sandbox.firing.add('errors');
    await sandbox.until(() => sandbox.deployment().status === 'ROLLBACK_SUCCESSFUL');
    expect(sandbox.production()).toEqual({ [BLUE]: 100, [GREEN]: 0 });
    expect(sandbox.service().taskDefinition).toBe(old);
    expect(sandbox.tasks().every(({ taskDefinitionArn }) => taskDefinitionArn === old)).toBe(true);
  });

  test('while ROLLING rolls back, and with rollback false only stops', async () => {
    for (const [rollback, status] of [
      [true, 'ROLLBACK_SUCCESSFUL'],
      [false, 'STOPPED'],
    ] as const) {
      const sandbox = createStage();
      await sandbox.serving({ strategy: 'ROLLING', alarms: { ...alarms, rollback } });
      sandbox.deploy(sandbox.register('sick'));
      await sandbox.until(() => sandbox.deployment().status === 'IN_PROGRESS');
      sandbox.firing.add('errors');
      await sandbox.until(() => sandbox.deployment().status === status);
      expect(sandbox.deployment().alarms).toMatchObject({ status: 'TRIGGERED' });
    }
  });
});

describe('after an abort', () => {
  test('traffic and tasks stay as they are, and the next deployment first puts them right', async () => {
    const sandbox = createStage();
    await sandbox.serving({
      strategy: 'LINEAR',
      linearConfiguration: { stepPercent: 50, stepBakeTimeInMinutes: 5 },
    });
    sandbox.deploy(sandbox.register());
    await sandbox.until(() => sandbox.production()[GREEN] === 50);
    sandbox.stopDeployment('ABORT');
    await sandbox.clock.advance(MINUTE);
    expect(sandbox.deployment().status).toBe('STOPPED');
    expect(sandbox.production()).toEqual({ [BLUE]: 50, [GREEN]: 50 });
    expect(sandbox.tasks()).toHaveLength(4);

    sandbox.deploy(sandbox.register());
    await sandbox.until(() => sandbox.deployment().lifecycleStage === 'RECONCILE_SERVICE');
    expect(sandbox.production()).toEqual({ [BLUE]: 100, [GREEN]: 0 });
    await sandbox.until(() => sandbox.deployment().lifecycleStage === 'PRE_SCALE_UP');
    expect(sandbox.tasks()).toHaveLength(2);
    await sandbox.until(() => sandbox.deployment().status === 'SUCCESSFUL');
    expect(sandbox.tasks().every((task) => task.taskDefinitionArn?.endsWith('web:3'))).toBe(true);
  });
});

describe('what Terraform tests on AWS is accepted', () => {
  test.each(['LINEAR', 'CANARY'] as const)('%s without a load balancer', async (strategy) => {
    const sandbox = createStage();
    await sandbox.serving({ strategy }, WITHOUT_BALANCER);
    sandbox.deploy(sandbox.register());
    await sandbox.until(() => sandbox.deployment().status === 'SUCCESSFUL');
    expect(sandbox.tasks().every((task) => task.taskDefinitionArn?.endsWith('web:2'))).toBe(true);
  });

  test('ROLLING with a lifecycle hook', async () => {
    const sandbox = createStage();
    await sandbox.serving({
      strategy: 'ROLLING',
      lifecycleHooks: [
        { hookTargetArn: 'arn:lambda', roleArn: 'arn:role', lifecycleStages: ['POST_SCALE_UP'] },
      ],
    });
    expect(sandbox.service().deploymentConfiguration?.lifecycleHooks).toHaveLength(1);
  });

  test('a test listener rule that forwards to the alternate target group alone', async () => {
    const sandbox = createStage();
    sandbox.balancer.rules.set(TEST, new Map([[GREEN, 1]]));
    const entry = loadBalancer();
    entry.advancedConfiguration = { ...entry.advancedConfiguration, testListenerRule: TEST };
    await sandbox.serving({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 }, { loadBalancers: [entry] });
    sandbox.deploy(sandbox.register());
    await sandbox.until(() => sandbox.deployment().status === 'SUCCESSFUL');
    expect(sandbox.production()).toEqual({ [BLUE]: 0, [GREEN]: 100 });
  });
});

describe('the first deployment of a service', () => {
  test('that fails has nothing to roll back to, and ECS says so', async () => {
    const sandbox = createStage();
    sandbox.register('crashes');
    sandbox.createService(
      { strategy: 'CANARY', deploymentCircuitBreaker: { enable: true, rollback: true } },
      { taskDefinition: 'web:2' },
    );
    await sandbox.until(() => sandbox.deployment().status === 'ROLLBACK_FAILED');
    expect(sandbox.deployment().statusReason).toBe('No rollback candidate was found to run the rollback.');
  });

  test('has nothing to roll back to: it stops, and so do its tasks', async () => {
    const sandbox = createStage();
    sandbox.createService({ strategy: 'LINEAR' });
    await sandbox.until(() => sandbox.deployment().lifecycleStage === 'POST_SCALE_UP');
    sandbox.stopDeployment();
    expect(sandbox.deployment()).toMatchObject({ status: 'STOPPED', rollback: undefined });
    await sandbox.until(() => sandbox.tasks().length === 0);
  });

  test('gets all traffic in one step', async () => {
    const sandbox = createStage();
    const weights = new Set<number>();
    sandbox.createService({ strategy: 'LINEAR' });
    await sandbox.until(() => {
      weights.add(sandbox.production()[BLUE] ?? -1);
      return sandbox.deployment().status === 'SUCCESSFUL';
    });
    expect([...weights]).toEqual([100]);
    expect(sandbox.balancer.weights(PRODUCTION)).toEqual({ [BLUE]: 100, [GREEN]: 0 });
  });
});
