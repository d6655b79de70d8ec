import { describe, expect, test } from '@jest/globals';
import type { Health } from '../../../../src/rollout/health/health.ts';
import { unhealthyReason as sicknessOf } from '../../../../src/rollout/health/unhealthy.ts';
import type { Interruption } from '../../../../src/rollout/health/interruption.ts';
import { MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import { exited, healthOf, NOW } from '../../../support/health.ts';
import { BALANCED_WORDS } from '../../../../src/rollout/strategies/words.ts';
import type { StoppedTask } from '../../../../src/core/trail/event.ts';

const unhealthy = (found: Health, percent: number, interruption: Interruption | null = null) =>
  sicknessOf(found, { now: NOW, percent, trafficSince: null, interruption, words: BALANCED_WORDS });

test('a crash loop is reported with the exit code, before any traffic', () => {
  const told = unhealthy(healthOf({ healthy: 0, crashes: 2 }), 0);
  expect(told).toBe(
    '2 tasks of the new revision stopped because a container exited: container web, exit code 1',
  );
});

/** The reason when two tasks of the new revision failed like this. */
const reasonFor = (task: Partial<StoppedTask>, failedCheck: string | null = null) => {
  const found = healthOf({ healthy: 0 });
  const canary = [1, 2].map(() => ({ ...exited, ...task }));
  return unhealthy({ ...found, crashed: { canary, stable: [] }, failedCheck }, 0);
};

describe('the reason names who stopped the tasks', () => {
  test('ECS, for health checks: with the request and its answer, and not the exit code that follows', () => {
    const task: Partial<StoppedTask> = {
      stopCode: 'ServiceSchedulerInitiated',
      reason: 'Task failed ELB health checks in (target-group web-green)',
      containers: [{ name: 'web', exitCode: 143, reason: null }],
    };
    expect(reasonFor(task, 'health check GET /health on port 8080: Request timed out')).toBe(
      'ECS stopped 2 tasks of the new revision because they failed health checks: Task failed ELB health checks in (target-group web-green); health check GET /health on port 8080: Request timed out',
    );
  });

  test('ECS, which could not start them', () => {
    const task = { stopCode: 'TaskFailedToStart', reason: 'CannotPullContainerError', containers: [] };
    expect(reasonFor(task)).toBe('2 tasks of the new revision could not start: CannotPullContainerError');
  });

  test('a container that exited, with the reason that ECS gives', () => {
    const containers = [{ name: 'web', exitCode: 137, reason: 'OutOfMemoryError' }];
    expect(reasonFor({ containers })).toBe(
      '2 tasks of the new revision stopped because a container exited: container web, exit code 137, OutOfMemoryError',
    );
  });
});

test('unhealthy targets show what the load balancer asked and what came back', () => {
  const failedCheck = 'health check GET /health on port 8080: Request timed out';
  expect(unhealthy({ ...healthOf({ healthy: 0, unhealthy: 2 }), failedCheck }, 10)).toBe(
    `none of the new revision's 2 targets is healthy while it gets 10% of the traffic; ${failedCheck}`,
  );
});

test('one crash is not a loop, and neither are two with healthy targets', () => {
  expect(unhealthy(healthOf({ healthy: 0, crashes: 1 }), 0)).toBeNull();
  expect(unhealthy(healthOf({ healthy: 2, crashes: 2 }), 10)).toBeNull();
  expect(unhealthy(healthOf({ healthy: 2, crashes: 3 }), 10)).not.toBeNull();
});

test('faults of both revisions are not blamed on the new one', () => {
  expect(unhealthy(healthOf({ healthy: 2, crashes: 3 }, { healthy: 2, crashes: 3 }), 10)).toBeNull();
  expect(unhealthy(healthOf({ healthy: 0, unhealthy: 2 }, { healthy: 0, unhealthy: 2 }), 10)).toBeNull();
});

test('a new revision without targets is unhealthy when the old one has some', () => {
  expect(unhealthy(healthOf({ healthy: 0 }), 10)).toContain('no healthy target while it gets 10%');
  expect(unhealthy(healthOf({ healthy: 0 }), 0)).toBeNull();
  expect(unhealthy(healthOf({ healthy: 0 }, { healthy: 0 }), 10)).toBeNull();
});

test('unhealthy targets count once they get production traffic', () => {
  expect(unhealthy(healthOf({ healthy: 0, unhealthy: 2 }), 0)).toBeNull();
  expect(unhealthy(healthOf({ healthy: 0, unhealthy: 2 }), 10)).toContain('none');
  expect(unhealthy(healthOf({ healthy: 1, unhealthy: 1 }), 10)).toContain(
    '1 of the new revision’s 2'.replace('’', "'"),
  );
  expect(unhealthy(healthOf({ healthy: 9, unhealthy: 1 }), 10)).toBeNull();
});

test('half of the targets may be unhealthy for a minute, because they get no requests meanwhile', () => {
  const found = healthOf({ healthy: 1, unhealthy: 1 });
  expect(unhealthy({ ...found, unhealthySince: NOW - 59 * SECOND }, 10)).toBeNull();
  expect(unhealthy({ ...found, unhealthySince: NOW - MINUTE }, 10)).not.toBeNull();
});

const taken = (tasks: number): Interruption => ({
  arm: 'canary',
  by: 'a Spot interruption',
  tasks,
  since: NOW - MINUTE,
  until: null,
});

describe('tasks that were taken from the new revision', () => {
  test('are not blamed, whether their targets are unhealthy or gone', () => {
    expect(unhealthy(healthOf({ healthy: 0 }), 30, taken(2))).toBeNull();
    expect(unhealthy(healthOf({ healthy: 0, unhealthy: 2 }), 30, taken(2))).toBeNull();
    expect(unhealthy(healthOf({ healthy: 1, unhealthy: 1 }), 30, taken(1))).toBeNull();
  });

  test('do not excuse the others', () => {
    expect(unhealthy(healthOf({ healthy: 0, unhealthy: 2 }), 30, taken(1))).toContain('none of');
    expect(unhealthy(healthOf({ healthy: 0, crashes: 2 }), 30, taken(2))).toContain('a container exited');
  });
});

const failedAt = (...seconds: number[]) =>
  seconds.map((second) => ({ ...exited, stoppedAt: NOW - second * SECOND }));
const found = (canary: readonly StoppedTask[], stable: readonly StoppedTask[] = []) => ({
  ...healthOf({ healthy: 2 }),
  crashed: { canary, stable },
});
const reasonSince = (health: Health, trafficSince: number | null) =>
  sicknessOf(health, { now: NOW, percent: 10, trafficSince, interruption: null, words: BALANCED_WORDS });

describe('all tasks that failed at once, with traffic', () => {
  const since = NOW - MINUTE;

  test('count against the release, although ECS has replaced them since', () => {
    expect(reasonSince(found(failedAt(20, 25)), since)).toBe(
      'all of its tasks failed at once while it gets 10% of the traffic: 2 tasks of the new revision stopped because a container exited: container web, exit code 1',
    );
  });

  test('do not count one after the other, before the traffic, when only some failed, or when the old ones failed too', () => {
    expect(reasonSince(found(failedAt(20, 31)), since)).toBeNull();
    expect(reasonSince(found(failedAt(20, 25)), NOW - 22 * SECOND)).toBeNull();
    expect(reasonSince(found(failedAt(20, 25)), null)).toBeNull();
    expect(reasonSince(found(failedAt(20)), since)).toBeNull();
    expect(reasonSince(found(failedAt(20, 25), failedAt(20, 25)), since)).toBeNull();
  });
});
