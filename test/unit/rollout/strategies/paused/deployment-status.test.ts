import { describe, expect, test } from '@jest/globals';
import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import type { DescribedDeployment } from '../../../../../src/rollout/strategies/described-deployment.ts';
import { canaryConfiguration } from '../../../../../src/rollout/strategies/canary/canary.ts';
import { workersConfiguration } from '../../../../../src/rollout/strategies/workers/workers.ts';
import { trafficOf } from '../../../../../src/rollout/strategies/strategies.ts';
import {
  isRolloutOfOurs,
  ownConfiguration,
  pausedBy,
} from '../../../../../src/rollout/strategies/paused/pause-hook.ts';
import { MINUTE } from '../../../../../src/core/time/clock.ts';
import { rolloutRequest } from '../../../../support/rollout-request.ts';

const rollout = rolloutRequest({ stepTimeout: 4 * MINUTE });
const own: DeploymentConfiguration = {
  strategy: 'ROLLING',
  maximumPercent: 200,
  minimumHealthyPercent: 100,
  deploymentCircuitBreaker: { enable: true, rollback: true },
  alarms: { alarmNames: ['too-slow'], enable: true, rollback: true },
  lifecycleHooks: [{ hookTargetArn: 'arn:lambda', lifecycleStages: ['POST_SCALE_UP'] }],
};

describe('the service’s configuration for a rollout', () => {
  const during = canaryConfiguration(own, rollout);
  test('keeps the user’s settings and pauses before every step, with a rollback on timeout', () => {
    expect(during).toMatchObject({
      strategy: 'LINEAR',
      linearConfiguration: { stepPercent: 10, stepBakeTimeInMinutes: 0 },
      bakeTimeInMinutes: 0,
      maximumPercent: 200,
      alarms: own.alarms,
    });
    expect(during.lifecycleHooks).toEqual([
      own.lifecycleHooks?.[0],
      {
        targetType: 'PAUSE',
        lifecycleStages: ['PRE_PRODUCTION_TRAFFIC_SHIFT'],
        timeoutConfiguration: { timeoutInMinutes: 5, action: 'ROLLBACK' },
      },
      {
        targetType: 'PAUSE',
        lifecycleStages: ['POST_PRODUCTION_TRAFFIC_SHIFT'],
        timeoutConfiguration: { timeoutInMinutes: 10, action: 'CONTINUE' },
      },
    ]);
  });
  test('keeps the old revision in the bake time where ECS refuses the second pause', () => {
    const baking = canaryConfiguration(own, rollout, 'bake');
    expect(baking).toMatchObject({ bakeTimeInMinutes: 10 });
    expect(baking.lifecycleHooks).toHaveLength(2);
  });
  test('leaves a user’s own pause after the shift where it is', () => {
    const pause = {
      targetType: 'PAUSE',
      lifecycleStages: ['POST_PRODUCTION_TRAFFIC_SHIFT'],
      timeoutConfiguration: { timeoutInMinutes: 10, action: 'CONTINUE' },
    } as const;
    const pausing = { ...own, lifecycleHooks: [{ ...pause, lifecycleStages: [...pause.lifecycleStages] }] };
    expect(ownConfiguration(pausing)).toEqual(pausing);
    expect(ownConfiguration(canaryConfiguration(pausing, rollout)).lifecycleHooks).toEqual(
      pausing.lifecycleHooks,
    );
  });
  test.each([
    { enable: true, rollback: true, resetOnHealthyTask: false },
    { enable: true, rollback: true, thresholdConfiguration: { type: 'COUNT' as const, value: 7 } },
    { enable: false, rollback: false },
  ])('keeps the circuit breaker %j', (deploymentCircuitBreaker) => {
    expect(canaryConfiguration({ ...own, deploymentCircuitBreaker }, rollout)).toMatchObject({
      deploymentCircuitBreaker,
    });
  });
  test('always rolls back when the circuit breaker is triggered: it never leaves a share of the traffic', () => {
    const stops = { ...own, deploymentCircuitBreaker: { enable: true, rollback: false } };
    expect(canaryConfiguration(stops, rollout).deploymentCircuitBreaker).toEqual({
      enable: true,
      rollback: true,
    });
  });
  test('has no circuit breaker if the service has none', () => {
    expect(canaryConfiguration({}, rollout).deploymentCircuitBreaker).toEqual({
      enable: false,
      rollback: false,
    });
  });
  test('is distinguished from the user’s own by the hook, which is never kept', () => {
    expect(ownConfiguration(during).lifecycleHooks).toEqual(own.lifecycleHooks);
    expect(
      pausedBy({ lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] }] }),
    ).toBeNull();
  });
});

describe('the configuration for a rollout of a service without a load balancer', () => {
  const during = workersConfiguration(own, rollout);
  test('starts all new tasks beside the old ones and does not keep the old ones afterwards', () => {
    expect(during).toMatchObject({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0, maximumPercent: 200 });
    expect(during.lifecycleHooks?.at(-1)).toMatchObject({
      targetType: 'PAUSE',
      lifecycleStages: ['POST_SCALE_UP', 'PRE_PRODUCTION_TRAFFIC_SHIFT'],
      timeoutConfiguration: { timeoutInMinutes: 5, action: 'ROLLBACK' },
    });
  });
  test('is distinguished from the user’s own pauses, in any order of the stages', () => {
    expect(ownConfiguration(during).lifecycleHooks).toEqual(own.lifecycleHooks);
    const stages = ['PRE_PRODUCTION_TRAFFIC_SHIFT', 'POST_SCALE_UP'] as const;
    expect(pausedBy({ lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: [...stages] }] })).toBe(
      'workers',
    );
    const timeoutConfiguration = { action: 'CONTINUE' } as const;
    const goesOn = { targetType: 'PAUSE' as const, lifecycleStages: [...stages], timeoutConfiguration };
    expect(pausedBy({ lifecycleHooks: [goesOn] })).toBeNull();
    expect(isRolloutOfOurs(during)).toBe(true);
    expect(isRolloutOfOurs({ ...during, strategy: 'LINEAR' })).toBe(false);
  });
});

const deployment = (different: Partial<DescribedDeployment>): DescribedDeployment => ({
  serviceDeploymentArn: 'arn:deployment',
  status: 'IN_PROGRESS',
  createdAt: new Date('2026-11-21T12:00:00Z'),
  deploymentConfiguration: canaryConfiguration({}, rollout),
  targetServiceRevision: {
    requestedProductionTrafficWeight: 30,
    requestedTaskCount: 2,
    runningTaskCount: 2,
  },
  ...different,
});

describe('a service deployment of ECS', () => {
  const expiresAt = new Date('2026-11-21T12:10:00Z');
  const paused: Partial<DescribedDeployment> = {
    lifecycleStage: 'PRE_PRODUCTION_TRAFFIC_SHIFT',
    lifecycleHookDetails: [
      { hookId: 'old', targetType: 'PAUSE', status: 'SUCCEEDED', expiresAt: new Date(0) },
      { hookId: 'now', targetType: 'PAUSE', status: 'AWAITING_ACTION', expiresAt },
    ],
  };

  test('that awaits an action is paused, since the hook’s timeout before its expiry', () => {
    expect(trafficOf(deployment(paused))).toMatchObject({
      phase: 'paused',
      percent: 30,
      pause: { id: 'now', since: expiresAt.getTime() - 5 * MINUTE, until: expiresAt.getTime() },
    });
  });
  test.each<[Partial<DescribedDeployment>, string]>([
    [{ status: 'PENDING', targetServiceRevision: {} }, 'starting'],
    [{ status: 'IN_PROGRESS', lifecycleStage: 'SCALE_UP', targetServiceRevision: {} }, 'starting'],
    [{ status: 'IN_PROGRESS', lifecycleStage: 'PRODUCTION_TRAFFIC_SHIFT' }, 'moving'],
    [{ status: 'IN_PROGRESS', lifecycleStage: 'A_STAGE_OF_TOMORROW' }, 'moving'],
    [{ status: 'IN_PROGRESS', lifecycleStage: 'BAKE_TIME' }, 'keeping-old'],
    [{ status: 'IN_PROGRESS', lifecycleStage: 'CLEAN_UP' }, 'cleaning-up'],
    [{ status: 'SUCCESSFUL' }, 'done'],
    [{ status: 'ROLLBACK_IN_PROGRESS', lifecycleStage: 'PRE_PRODUCTION_TRAFFIC_SHIFT' }, 'rolling-back'],
    [{ status: 'ROLLBACK_SUCCESSFUL' }, 'rolled-back'],
    [{ status: 'ROLLBACK_FAILED' }, 'failed'],
  ])('%j is %s', (different, phase) => {
    expect(trafficOf(deployment(different)).phase).toBe(phase);
  });
});

const worker = (different: Partial<DescribedDeployment>) =>
  trafficOf(
    deployment({
      deploymentConfiguration: workersConfiguration({}, rollout),
      targetServiceRevision: { requestedTaskCount: 2, runningTaskCount: 2 },
      ...different,
    }),
  );

describe('a service deployment without a load balancer', () => {
  const expiresAt = new Date('2026-11-21T12:10:00Z');
  const hook = { hookId: 'now', targetType: 'PAUSE', status: 'AWAITING_ACTION', expiresAt } as const;
  test('pauses when all new tasks run; the second pause repeats the first', () => {
    const lifecycleHookDetails = [hook];
    const first = worker({ lifecycleStage: 'POST_SCALE_UP', lifecycleHookDetails });
    expect(first).toMatchObject({ phase: 'paused', share: 'work', percent: 50, pause: { id: 'now' } });
    expect(first.pause).not.toHaveProperty('again');
    const second = worker({ lifecycleStage: 'PRE_PRODUCTION_TRAFFIC_SHIFT', lifecycleHookDetails });
    expect(second).toMatchObject({ phase: 'paused', percent: 50, pause: { again: true } });
  });
  test.each<[Partial<DescribedDeployment>, string, number]>([
    [{ status: 'PENDING' }, 'starting', 0],
    [{ lifecycleStage: 'SCALE_UP' }, 'starting', 0],
    [{ lifecycleStage: 'POST_SCALE_UP' }, 'moving', 50],
    [{ lifecycleStage: 'PRODUCTION_TRAFFIC_SHIFT' }, 'moving', 50],
    [{ lifecycleStage: 'BAKE_TIME' }, 'moving', 50],
    [{ lifecycleStage: 'A_STAGE_OF_TOMORROW' }, 'moving', 50],
    [{ lifecycleStage: 'CLEAN_UP' }, 'cleaning-up', 100],
    [{ status: 'SUCCESSFUL' }, 'done', 100],
    [{ status: 'ROLLBACK_IN_PROGRESS' }, 'rolling-back', 50],
    [{ status: 'ROLLBACK_SUCCESSFUL' }, 'rolled-back', 0],
  ])('%j is %s, with %i%% of the work on the new revision', (different, phase, percent) => {
    expect(worker(different)).toMatchObject({ phase, percent });
  });
});
