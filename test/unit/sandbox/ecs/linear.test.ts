import { describe, expect, test } from '@jest/globals';
import { MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import type { EcsSettings } from '../../../../sandbox/ecs/ecs.ts';
import { BLUE, createStage, GREEN, paused, PRODUCTION, TEST } from './support.ts';

/** A service that serves from the blue group; the next deployment goes to green. */
async function servingStage(configuration = paused(25), timing: Partial<EcsSettings> = {}) {
  const stage = createStage(timing);
  await stage.serving({ ...configuration, lifecycleHooks: [] });
  stage.call('UpdateService', { cluster: 'main', service: 'web', deploymentConfiguration: configuration });
  return stage;
}

describe('LINEAR with a pause before every step', () => {
  test('climbs the ladder as it is answered, each pause with its own hook, and ends with only the new tasks', async () => {
    const stage = await servingStage();
    const before = stage.service().taskDefinition;
    stage.deploy(stage.register());

    const seen = new Set<string>();
    const weights: unknown[] = [];
    for (let step = 0; step < 4; step += 1) {
      await stage.until(() => stage.pause() !== null);
      expect(stage.deployment().lifecycleStage).toBe('PRE_PRODUCTION_TRAFFIC_SHIFT');
      expect(stage.deployment().targetServiceRevision?.requestedProductionTrafficWeight).toBe(step * 25);
      weights.push(stage.production());
      seen.add(stage.pause()?.hookId ?? '');
      stage.answer('CONTINUE');
    }
    await stage.until(() => stage.deployment().status === 'SUCCESSFUL');

    expect(weights).toEqual([0, 25, 50, 75].map((green) => ({ [BLUE]: 100 - green, [GREEN]: green })));
    expect(stage.production()).toEqual({ [BLUE]: 0, [GREEN]: 100 });
    expect(seen.size).toBe(4);
    expect(stage.service().taskDefinition).not.toBe(before);
    expect(stage.tasks()).toHaveLength(2);
    expect(stage.tasks().every((task) => task.taskDefinitionArn?.endsWith('web:2'))).toBe(true);
    expect(stage.service().deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED' }]);
  });

  test('passes every stage in order', async () => {
    const stage = await servingStage(paused(50));
    stage.deploy(stage.register());
    const stages: (string | undefined)[] = [];
    await stage.until(() => {
      const { lifecycleStage, status } = stage.deployment();
      if (stages.at(-1) !== lifecycleStage) stages.push(lifecycleStage);
      if (stage.pause()) stage.answer('CONTINUE');
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
    const stage = await servingStage();
    stage.deploy(stage.register());
    await stage.until(() => stage.pause() !== null);
    expect(stage.balancer.weights(TEST)).toEqual({ [BLUE]: 0, [GREEN]: 100 });
    expect(stage.production()).toEqual({ [BLUE]: 100, [GREEN]: 0 });
    expect(stage.deployment().targetServiceRevision?.requestedTestTrafficWeight).toBe(100);
  });

  test('a last step that would exceed 100% stops at 100', async () => {
    const stage = await servingStage(paused(33.3));
    stage.deploy(stage.register());
    const weights: number[] = [];
    await stage.until(() => {
      if (stage.pause()) {
        weights.push(stage.deployment().targetServiceRevision?.requestedProductionTrafficWeight ?? -1);
        stage.answer('CONTINUE');
      }
      return stage.deployment().status === 'SUCCESSFUL';
    });
    expect(weights).toEqual([0, 33.3, 66.6, 99.9]);
    expect(stage.production()).toEqual({ [BLUE]: 0, [GREEN]: 100 });
  });

  test('the next deployment goes to the target group that the last one left', async () => {
    const stage = await servingStage(paused(100));
    const targetGroups: (string | undefined)[] = [];
    for (let deployment = 0; deployment < 3; deployment += 1) {
      stage.deploy(stage.register());
      await stage.until(() => stage.pause() !== null);
      const { targetServiceRevision } = stage.deployment();
      const { serviceRevisions } = stage.call('DescribeServiceRevisions', {
        serviceRevisionArns: [targetServiceRevision?.arn],
      });
      targetGroups.push(serviceRevisions[0].resolvedConfiguration.loadBalancers[0].targetGroupArn);
      stage.answer('CONTINUE');
      await stage.until(() => stage.deployment().status === 'SUCCESSFUL');
      expect(stage.production()).toMatchObject({ [targetGroups.at(-1) ?? '']: 100 });
    }
    expect(targetGroups).toEqual([GREEN, BLUE, GREEN]);
  });

  test('a timed-out pause rolls back: weights back, old task definition, new tasks gone', async () => {
    const stage = await servingStage(paused(25, 3));
    stage.deploy(stage.register());
    await stage.until(() => stage.pause() !== null);
    stage.answer('CONTINUE');
    await stage.until(() => stage.production()[GREEN] === 25 && stage.pause() !== null);
    const { hookId } = stage.pause() ?? {};

    await stage.clock.advance(3 * MINUTE - SECOND);
    expect(stage.deployment().status).toBe('IN_PROGRESS');
    await stage.clock.advance(3 * SECOND);
    expect(stage.production()).toEqual({ [BLUE]: 100, [GREEN]: 0 });
    await stage.until(() => stage.deployment().status === 'ROLLBACK_SUCCESSFUL');

    const { rollback, lifecycleHookDetails } = stage.deployment();
    expect(lifecycleHookDetails?.find((hook) => hook.hookId === hookId)?.status).toBe('TIMED_OUT');
    expect(rollback?.reason).toMatch(/timed out/);
    expect(stage.balancer.weights(TEST)).toEqual({ [BLUE]: 100, [GREEN]: 0 });
    expect(stage.service().taskDefinition).toMatch(/web:1$/);
    expect(stage.tasks().map((task) => task.taskDefinitionArn)).toEqual([
      expect.stringMatching(/web:1$/),
      expect.stringMatching(/web:1$/),
    ]);
  });

  test('a timed-out pause whose action is CONTINUE goes on', async () => {
    const stage = createStage();
    const configuration = paused(100, 1);
    configuration.lifecycleHooks![0]!.timeoutConfiguration!.action = 'CONTINUE';
    await stage.serving({ ...configuration, lifecycleHooks: [] });
    stage.call('UpdateService', { cluster: 'main', service: 'web', deploymentConfiguration: configuration });
    stage.deploy(stage.register());
    await stage.until(() => stage.deployment().status === 'SUCCESSFUL');
    expect(stage.production()).toEqual({ [BLUE]: 0, [GREEN]: 100 });
  });

  test('an answer after the timeout is refused, though nothing has looked at the clock yet', async () => {
    const stage = createStage({ reconcileInterval: 7 * SECOND });
    await stage.serving({ ...paused(50), lifecycleHooks: [] });
    stage.call('UpdateService', { cluster: 'main', service: 'web', deploymentConfiguration: paused(50, 1) });
    stage.deploy(stage.register());
    await stage.until(() => stage.pause() !== null);
    const hook = stage.pause();
    await stage.clock.advance((hook?.expiresAt?.getTime() ?? 0) - stage.clock.now());
    const refusal = stage.refusal('ContinueServiceDeployment', {
      serviceDeploymentArn: stage.deployment().serviceDeploymentArn,
      hookId: hook?.hookId,
      action: 'CONTINUE',
    });
    expect(refusal).toEqual({
      code: 'InvalidParameterException',
      message: expect.stringMatching(/TIMED_OUT/),
    });
  });

  test('an old hook id is refused', async () => {
    const stage = await servingStage();
    stage.deploy(stage.register());
    await stage.until(() => stage.pause() !== null);
    const old = stage.pause()?.hookId;
    stage.answer('CONTINUE');
    await stage.until(() => stage.pause() !== null);
    const serviceDeploymentArn = stage.deployment().serviceDeploymentArn;
    expect(stage.refusal('ContinueServiceDeployment', { serviceDeploymentArn, hookId: old }).code).toBe(
      'InvalidParameterException',
    );
  });

  test('a new revision that crash-loops stays in SCALE_UP, gets no traffic, and can be rolled back', async () => {
    const stage = await servingStage();
    stage.deploy(stage.register('crashes'));
    await stage.clock.advance(3 * MINUTE);
    expect(stage.deployment()).toMatchObject({ status: 'IN_PROGRESS', lifecycleStage: 'SCALE_UP' });
    expect(stage.production()).toEqual({ [BLUE]: 100, [GREEN]: 0 });
    expect(stage.events()).toContainEqual(
      '(service web) is unable to consistently start tasks successfully.',
    );
    expect(stage.tasks('STOPPED')[0]).toMatchObject({
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ exitCode: 1 }],
    });
    stage.stopDeployment();
    await stage.until(() => stage.deployment().status === 'ROLLBACK_SUCCESSFUL');
    expect(stage.service().runningCount).toBe(2);
  });

  test('a stage that lasts too long fails the deployment', async () => {
    const stage = await servingStage(paused(25), { stageLimit: 5 * MINUTE });
    stage.deploy(stage.register('cannot-pull'));
    await stage.clock.advance(6 * MINUTE);
    expect(stage.deployment()).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      rollback: { reason: expect.stringMatching(/timed out at SCALE_UP/) },
    });
  });

  test('keeps the configuration with which it began', async () => {
    const stage = await servingStage(paused(50));
    stage.deploy(stage.register());
    await stage.until(() => stage.pause() !== null);
    stage.call('UpdateService', {
      cluster: 'main',
      service: 'web',
      deploymentConfiguration: { strategy: 'ROLLING', lifecycleHooks: [] },
    });
    expect(stage.service().deploymentConfiguration?.strategy).toBe('ROLLING');
    expect(stage.deployment().deploymentConfiguration?.strategy).toBe('LINEAR');
    stage.answer('CONTINUE');
    await stage.until(() => stage.pause() !== null);
    expect(stage.production()).toEqual({ [BLUE]: 50, [GREEN]: 50 });
  });

  test('weights that somebody else changes are not put right before the next step', async () => {
    const stage = await servingStage(paused(50));
    stage.deploy(stage.register());
    await stage.until(() => stage.pause() !== null);
    stage.balancer.setWeights(
      PRODUCTION,
      new Map([
        [BLUE, 1],
        [GREEN, 1],
      ]),
    );
    await stage.clock.advance(10 * SECOND);
    expect(stage.production()).toEqual({ [BLUE]: 1, [GREEN]: 1 });
    stage.answer('ROLLBACK');
    await stage.until(() => stage.deployment().status === 'ROLLBACK_SUCCESSFUL');
    expect(stage.production()).toEqual({ [BLUE]: 100, [GREEN]: 0 });
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
    const stage = createStage();
    await stage.serving(configuration);
    stage.deploy(stage.register());
    await stage.until(() => {
      const { lifecycleStage: now, targetServiceRevision } = stage.deployment();
      return now === lifecycleStage && targetServiceRevision?.requestedProductionTrafficWeight === percent;
    });
    stage.stopDeployment();
    expect(stage.deployment().status).toBe('ROLLBACK_REQUESTED');
    await stage.until(() => stage.deployment().status === 'ROLLBACK_SUCCESSFUL');

    expect(stage.production()).toEqual({ [BLUE]: 100, [GREEN]: 0 });
    expect(stage.balancer.weights(TEST)).toEqual({ [BLUE]: 100, [GREEN]: 0 });
    expect(stage.tasks().map((task) => task.taskDefinitionArn)).toEqual([
      expect.stringMatching(/web:1$/),
      expect.stringMatching(/web:1$/),
    ]);
    expect(stage.service()).toMatchObject({
      runningCount: 2,
      taskDefinition: expect.stringMatching(/web:1$/),
    });
    expect(stage.deployment().rollback?.serviceRevisionArn).toBe(
      stage.deployment().sourceServiceRevisions?.[0]?.arn,
    );
    expect(
      stage.refusal('StopServiceDeployment', {
        serviceDeploymentArn: stage.deployment().serviceDeploymentArn,
      }).code,
    ).toBe('ConflictException');
  });

  test('after the clean-up had begun, the old tasks are healthy again before they get users', async () => {
    const stage = createStage();
    await stage.serving(configuration);
    stage.deploy(stage.register());
    await stage.until(() => stage.deployment().lifecycleStage === 'CLEAN_UP');
    await stage.clock.advance(2 * SECOND);
    stage.stopDeployment();
    await stage.until(() => stage.production()[BLUE] === 100);
    const healthy = stage.balancer.health(BLUE).filter((target) => target.state === 'healthy');
    expect(healthy).toHaveLength(2);
  });

  test('a listener rule that is gone makes the rollback fail, and says so', async () => {
    const stage = createStage();
    await stage.serving(configuration);
    stage.deploy(stage.register());
    await stage.until(() => stage.production()[GREEN] === 50);
    stage.balancer.rules.delete(PRODUCTION);
    stage.stopDeployment();
    await stage.until(() => stage.deployment().status === 'ROLLBACK_FAILED');
    expect(stage.deployment().statusReason).toMatch(/is gone/);
  });
});
