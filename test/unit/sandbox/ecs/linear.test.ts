import { describe, expect, test } from '@jest/globals';
import { MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import type { EcsSettings } from '../../../../sandbox/ecs/ecs.ts';
import { BLUE, createStage, GREEN, paused, PRODUCTION, TEST } from './support.ts';

/** A service in the blue target group; the next deployment uses green. */
async function servingStage(configuration = paused(25), timing: Partial<EcsSettings> = {}) {
  const sandbox = createStage(timing);
  await sandbox.serving({ ...configuration, lifecycleHooks: [] });
  sandbox.call('UpdateService', { cluster: 'main', service: 'web', deploymentConfiguration: configuration });
  return sandbox;
}

describe('LINEAR with a pause before every step', () => {
  test('takes each step as it is answered, each pause with its own hook, and ends with only the new tasks', async () => {
    const sandbox = await servingStage();
    const before = sandbox.service().taskDefinition;
    sandbox.deploy(sandbox.register());

    const seen = new Set<string>();
    const weights: unknown[] = [];
    for (let step = 0; step < 4; step += 1) {
      await sandbox.until(() => sandbox.pause() !== null);
      expect(sandbox.deployment().lifecycleStage).toBe('PRE_PRODUCTION_TRAFFIC_SHIFT');
      expect(sandbox.deployment().targetServiceRevision?.requestedProductionTrafficWeight).toBe(step * 25);
      weights.push(sandbox.production());
      seen.add(sandbox.pause()?.hookId ?? '');
      sandbox.answer('CONTINUE');
    }
    await sandbox.until(() => sandbox.deployment().status === 'SUCCESSFUL');

    expect(weights).toEqual([0, 25, 50, 75].map((green) => ({ [BLUE]: 100 - green, [GREEN]: green })));
    expect(sandbox.production()).toEqual({ [BLUE]: 0, [GREEN]: 100 });
    expect(seen.size).toBe(4);
    expect(sandbox.service().taskDefinition).not.toBe(before);
    expect(sandbox.tasks()).toHaveLength(2);
    expect(sandbox.tasks().every((task) => task.taskDefinitionArn?.endsWith('web:2'))).toBe(true);
    expect(sandbox.service().deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED' }]);
  });

  test('passes every stage in order', async () => {
    const sandbox = await servingStage(paused(50));
    sandbox.deploy(sandbox.register());
    const stages: (string | undefined)[] = [];
    await sandbox.until(() => {
      const { lifecycleStage, status } = sandbox.deployment();
      if (stages.at(-1) !== lifecycleStage) stages.push(lifecycleStage);
      if (sandbox.pause()) sandbox.answer('CONTINUE');
      return status === 'SUCCESSFUL';
    });
    expect(stages.filter(Boolean)).toEqual([
      'PRE_SCALE_UP',
      'SCALE_UP',
      'POST_SCALE_UP',
      'TEST_TRAFFIC_SHIFT',
      'POST_TEST_TRAFFIC_SHIFT',
      'PRE_PRODUCTION_TRAFFIC_SHIFT',
      'PRODUCTION_TRAFFIC_SHIFT',
      'PRE_PRODUCTION_TRAFFIC_SHIFT',
      'PRODUCTION_TRAFFIC_SHIFT',
      'POST_PRODUCTION_TRAFFIC_SHIFT',
      'BAKE_TIME',
      'CLEAN_UP',
    ]);
  });

  test('gives the new revision the test listener before any production traffic', async () => {
    const sandbox = await servingStage();
    sandbox.deploy(sandbox.register());
    await sandbox.until(() => sandbox.pause() !== null);
    expect(sandbox.balancer.weights(TEST)).toEqual({ [BLUE]: 0, [GREEN]: 100 });
    expect(sandbox.production()).toEqual({ [BLUE]: 100, [GREEN]: 0 });
    expect(sandbox.deployment().targetServiceRevision?.requestedTestTrafficWeight).toBe(100);
  });

  test('a last step that would exceed 100% stops at 100', async () => {
    const sandbox = await servingStage(paused(33.3));
    sandbox.deploy(sandbox.register());
    const weights: number[] = [];
    await sandbox.until(() => {
      if (sandbox.pause()) {
        weights.push(sandbox.deployment().targetServiceRevision?.requestedProductionTrafficWeight ?? -1);
        sandbox.answer('CONTINUE');
      }
      return sandbox.deployment().status === 'SUCCESSFUL';
    });
    expect(weights).toEqual([0, 33.3, 66.6, 99.9]);
    expect(sandbox.production()).toEqual({ [BLUE]: 0, [GREEN]: 100 });
  });

  test('the next deployment goes to the target group that the last one left', async () => {
    const sandbox = await servingStage(paused(100));
    const targetGroups: (string | undefined)[] = [];
    for (let deployment = 0; deployment < 3; deployment += 1) {
      sandbox.deploy(sandbox.register());
      await sandbox.until(() => sandbox.pause() !== null);
      const { targetServiceRevision } = sandbox.deployment();
      const { serviceRevisions } = sandbox.call('DescribeServiceRevisions', {
        serviceRevisionArns: [targetServiceRevision?.arn],
      });
      targetGroups.push(serviceRevisions[0].resolvedConfiguration.loadBalancers[0].targetGroupArn);
      sandbox.answer('CONTINUE');
      await sandbox.until(() => sandbox.deployment().status === 'SUCCESSFUL');
      expect(sandbox.production()).toMatchObject({ [targetGroups.at(-1) ?? '']: 100 });
    }
    expect(targetGroups).toEqual([GREEN, BLUE, GREEN]);
  });

  test('a timed-out pause rolls back: weights back, old task definition, new tasks gone', async () => {
    const sandbox = await servingStage(paused(25, 3));
    sandbox.deploy(sandbox.register());
    await sandbox.until(() => sandbox.pause() !== null);
    sandbox.answer('CONTINUE');
    await sandbox.until(() => sandbox.production()[GREEN] === 25 && sandbox.pause() !== null);
    const { hookId } = sandbox.pause() ?? {};

    await sandbox.clock.advance(3 * MINUTE - SECOND);
    expect(sandbox.deployment().status).toBe('IN_PROGRESS');
    await sandbox.clock.advance(3 * SECOND);
    expect(sandbox.production()).toEqual({ [BLUE]: 100, [GREEN]: 0 });
    await sandbox.until(() => sandbox.deployment().status === 'ROLLBACK_SUCCESSFUL');

    const { rollback, lifecycleHookDetails } = sandbox.deployment();
    expect(lifecycleHookDetails?.find((hook) => hook.hookId === hookId)?.status).toBe('TIMED_OUT');
    expect(rollback?.reason).toMatch(/timed out/);
    expect(sandbox.balancer.weights(TEST)).toEqual({ [BLUE]: 100, [GREEN]: 0 });
    expect(sandbox.service().taskDefinition).toMatch(/web:1$/);
    expect(sandbox.tasks().map((task) => task.taskDefinitionArn)).toEqual([
      expect.stringMatching(/web:1$/),
      expect.stringMatching(/web:1$/),
    ]);
  });

  test('a timed-out pause whose action is CONTINUE goes on', async () => {
    const sandbox = createStage();
    const configuration = paused(100, 1);
    configuration.lifecycleHooks![0]!.timeoutConfiguration!.action = 'CONTINUE';
    await sandbox.serving({ ...configuration, lifecycleHooks: [] });
    sandbox.call('UpdateService', {
      cluster: 'main',
      service: 'web',
      deploymentConfiguration: configuration,
    });
    sandbox.deploy(sandbox.register());
    await sandbox.until(() => sandbox.deployment().status === 'SUCCESSFUL');
    expect(sandbox.production()).toEqual({ [BLUE]: 0, [GREEN]: 100 });
  });

  test('an answer after the timeout is refused, though nothing has looked at the clock yet', async () => {
    const sandbox = createStage({ reconcileInterval: 7 * SECOND });
    await sandbox.serving({ ...paused(50), lifecycleHooks: [] });
    sandbox.call('UpdateService', {
      cluster: 'main',
      service: 'web',
      deploymentConfiguration: paused(50, 1),
    });
    sandbox.deploy(sandbox.register());
    await sandbox.until(() => sandbox.pause() !== null);
    const hook = sandbox.pause();
    await sandbox.clock.advance((hook?.expiresAt?.getTime() ?? 0) - sandbox.clock.now());
    const refusal = sandbox.refusal('ContinueServiceDeployment', {
      serviceDeploymentArn: sandbox.deployment().serviceDeploymentArn,
      hookId: hook?.hookId,
      action: 'CONTINUE',
    });
    expect(refusal).toEqual({
      code: 'InvalidParameterException',
      message: expect.stringMatching(/TIMED_OUT/),
    });
  });

  test('an old hook id is refused', async () => {
    const sandbox = await servingStage();
    sandbox.deploy(sandbox.register());
    await sandbox.until(() => sandbox.pause() !== null);
    const old = sandbox.pause()?.hookId;
    sandbox.answer('CONTINUE');
    await sandbox.until(() => sandbox.pause() !== null);
    const serviceDeploymentArn = sandbox.deployment().serviceDeploymentArn;
    expect(sandbox.refusal('ContinueServiceDeployment', { serviceDeploymentArn, hookId: old }).code).toBe(
      'InvalidParameterException',
    );
  });

  test('a new revision that crash-loops stays in SCALE_UP, gets no traffic, and can be rolled back', async () => {
    const sandbox = await servingStage();
    sandbox.deploy(sandbox.register('crashes'));
    await sandbox.clock.advance(3 * MINUTE);
    expect(sandbox.deployment()).toMatchObject({ status: 'IN_PROGRESS', lifecycleStage: 'SCALE_UP' });
    expect(sandbox.production()).toEqual({ [BLUE]: 100, [GREEN]: 0 });
    expect(sandbox.events()).toContainEqual(
      '(service web) is unable to consistently start tasks successfully.',
    );
    expect(sandbox.tasks('STOPPED')[0]).toMatchObject({
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ exitCode: 1 }],
    });
    sandbox.stopDeployment();
    await sandbox.until(() => sandbox.deployment().status === 'ROLLBACK_SUCCESSFUL');
    expect(sandbox.service().runningCount).toBe(2);
  });

  test('a stage that lasts too long fails the deployment', async () => {
    const sandbox = await servingStage(paused(25), { stageLimit: 5 * MINUTE });
    sandbox.deploy(sandbox.register('cannot-pull'));
    await sandbox.clock.advance(6 * MINUTE);
    expect(sandbox.deployment()).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      rollback: { reason: expect.stringMatching(/timed out at SCALE_UP/) },
    });
  });

  test('keeps the configuration with which it began', async () => {
    const sandbox = await servingStage(paused(50));
    sandbox.deploy(sandbox.register());
    await sandbox.until(() => sandbox.pause() !== null);
    sandbox.call('UpdateService', {
      cluster: 'main',
      service: 'web',
      deploymentConfiguration: { strategy: 'ROLLING', lifecycleHooks: [] },
    });
    expect(sandbox.service().deploymentConfiguration?.strategy).toBe('ROLLING');
    expect(sandbox.deployment().deploymentConfiguration?.strategy).toBe('LINEAR');
    sandbox.answer('CONTINUE');
    await sandbox.until(() => sandbox.pause() !== null);
    expect(sandbox.production()).toEqual({ [BLUE]: 50, [GREEN]: 50 });
  });

  test('weights that somebody else changes are not put right before the next step', async () => {
    const sandbox = await servingStage(paused(50));
    sandbox.deploy(sandbox.register());
    await sandbox.until(() => sandbox.pause() !== null);
    sandbox.balancer.setWeights(
      PRODUCTION,
      new Map([
        [BLUE, 1],
        [GREEN, 1],
      ]),
    );
    await sandbox.clock.advance(10 * SECOND);
    expect(sandbox.production()).toEqual({ [BLUE]: 1, [GREEN]: 1 });
    sandbox.answer('ROLLBACK');
    await sandbox.until(() => sandbox.deployment().status === 'ROLLBACK_SUCCESSFUL');
    expect(sandbox.production()).toEqual({ [BLUE]: 100, [GREEN]: 0 });
  });
});

describe('rollback from every stage', () => {
  const configuration = {
    ...paused(50),
    bakeTimeInMinutes: 2,
    lifecycleHooks: [],
    linearConfiguration: { stepPercent: 50, stepBakeTimeInMinutes: 1 },
  };
  test.each([
    ['PRE_SCALE_UP', 0],
    ['SCALE_UP', 0],
    ['POST_SCALE_UP', 0],
    ['TEST_TRAFFIC_SHIFT', 0],
    ['POST_TEST_TRAFFIC_SHIFT', 0],
    ['PRE_PRODUCTION_TRAFFIC_SHIFT', 0],
    ['PRODUCTION_TRAFFIC_SHIFT', 50],
    ['PRE_PRODUCTION_TRAFFIC_SHIFT', 50],
    ['PRODUCTION_TRAFFIC_SHIFT', 100],
    ['POST_PRODUCTION_TRAFFIC_SHIFT', 100],
    ['BAKE_TIME', 100],
    ['CLEAN_UP', 100],
  ])('%s at %i%%', async (lifecycleStage, percent) => {
    const sandbox = createStage();
    await sandbox.serving(configuration);
    sandbox.deploy(sandbox.register());
    await sandbox.until(() => {
      const { lifecycleStage: now, targetServiceRevision } = sandbox.deployment();
      return now === lifecycleStage && targetServiceRevision?.requestedProductionTrafficWeight === percent;
    });
    sandbox.stopDeployment();
    expect(sandbox.deployment().status).toBe('ROLLBACK_REQUESTED');
    await sandbox.until(() => sandbox.deployment().status === 'ROLLBACK_SUCCESSFUL');

    expect(sandbox.production()).toEqual({ [BLUE]: 100, [GREEN]: 0 });
    expect(sandbox.balancer.weights(TEST)).toEqual({ [BLUE]: 100, [GREEN]: 0 });
    expect(sandbox.tasks().map((task) => task.taskDefinitionArn)).toEqual([
      expect.stringMatching(/web:1$/),
      expect.stringMatching(/web:1$/),
    ]);
    expect(sandbox.service()).toMatchObject({
      runningCount: 2,
      taskDefinition: expect.stringMatching(/web:1$/),
    });
    expect(sandbox.deployment().rollback?.serviceRevisionArn).toBe(
      sandbox.deployment().sourceServiceRevisions?.[0]?.arn,
    );
    expect(
      sandbox.refusal('StopServiceDeployment', {
        serviceDeploymentArn: sandbox.deployment().serviceDeploymentArn,
      }).code,
    ).toBe('ConflictException');
  });

  test('after the clean-up had begun, the old tasks are healthy again before they get users', async () => {
    const sandbox = createStage();
    await sandbox.serving(configuration);
    sandbox.deploy(sandbox.register());
    await sandbox.until(() => sandbox.deployment().lifecycleStage === 'CLEAN_UP');
    await sandbox.clock.advance(2 * SECOND);
    sandbox.stopDeployment();
    await sandbox.until(() => sandbox.production()[BLUE] === 100);
    const healthy = sandbox.balancer.health(BLUE).filter((target) => target.state === 'healthy');
    expect(healthy).toHaveLength(2);
  });

  test('a listener rule that is gone makes the rollback fail, and says so', async () => {
    const sandbox = createStage();
    await sandbox.serving(configuration);
    sandbox.deploy(sandbox.register());
    await sandbox.until(() => sandbox.production()[GREEN] === 50);
    sandbox.balancer.rules.delete(PRODUCTION);
    sandbox.stopDeployment();
    await sandbox.until(() => sandbox.deployment().status === 'ROLLBACK_FAILED');
    expect(sandbox.deployment().statusReason).toMatch(/is gone/);
  });
});
