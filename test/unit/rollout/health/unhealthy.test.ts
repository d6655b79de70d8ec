import { describe, expect, test } from '@jest/globals';
import type { Health } from '../../../../src/rollout/health/health.ts';
import { unhealthyReason as sicknessOf } from '../../../../src/rollout/health/unhealthy.ts';
import type { Interruption } from '../../../../src/rollout/health/interruption.ts';
import { MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import { BALANCED_WORDS } from '../../../../src/rollout/strategies/words.ts';
import type { StoppedTask } from '../../../../src/core/trail/event.ts';

const exited: StoppedTask = {
  taskArn: 'arn:aws:ecs:eu-west-1:123456789012:task/shop/1',
  stoppedAt: 0,
  stopCode: 'EssentialContainerExited',
  reason: 'Essential container in task exited',
  containers: [{ name: 'web', exitCode: 1, reason: null }],
};

function health(
  canary: { healthy: number; unhealthy?: number; crashes?: number },
  stable: { healthy: number; unhealthy?: number; crashes?: number } = { healthy: 2 },
): Health {
  const arm = ({ healthy, unhealthy = 0 }: typeof canary) => ({
    running: healthy,
    desired: 2,
    healthyTargets: healthy,
    unhealthyTargets: unhealthy,
  });
  return {
    arms: { canary: arm(canary), stable: arm(stable) },
    shortage: null,
    taken: { canary: [], stable: [] },
    crashed: {
      canary: Array.from({ length: canary.crashes ?? 0 }, () => exited),
      stable: Array.from({ length: stable.crashes ?? 0 }, () => exited),
    },
    unhealthySince: canary.unhealthy ? NOW - MINUTE : null,
    failedCheck: null,
  };
}

const NOW = Date.parse('2026-05-05T10:00:00Z');

const unhealthy = (found: Health, percent: number, interruption: Interruption | null = null) =>
  sicknessOf(found, { now: NOW, percent, interruption, words: BALANCED_WORDS });

test('a crash loop is reported with the exit code, before any traffic', () => {
  const told = unhealthy(health({ healthy: 0, crashes: 2 }), 0);
  expect(told).toBe(
    '2 tasks of the new revision stopped because a container exited: container web, exit code 1',
  );
});

/** The reason when two tasks of the new revision failed like this. */
const reasonFor = (task: Partial<StoppedTask>, failedCheck: string | null = null) => {
  const found = health({ healthy: 0 });
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
  expect(unhealthy({ ...health({ healthy: 0, unhealthy: 2 }), failedCheck }, 10)).toBe(
    `none of the new revision's 2 targets is healthy while it gets 10% of the traffic; ${failedCheck}`,
  );
});

test('one crash is not a loop, and neither are two with healthy targets', () => {
  expect(unhealthy(health({ healthy: 0, crashes: 1 }), 0)).toBeNull();
  expect(unhealthy(health({ healthy: 2, crashes: 2 }), 10)).toBeNull();
  expect(unhealthy(health({ healthy: 2, crashes: 3 }), 10)).not.toBeNull();
});

test('faults of both revisions are not blamed on the new one', () => {
  expect(unhealthy(health({ healthy: 2, crashes: 3 }, { healthy: 2, crashes: 3 }), 10)).toBeNull();
  expect(unhealthy(health({ healthy: 0, unhealthy: 2 }, { healthy: 0, unhealthy: 2 }), 10)).toBeNull();
});

test('a new revision without targets is unhealthy when the old one has some', () => {
  expect(unhealthy(health({ healthy: 0 }), 10)).toContain('no healthy target while it gets 10%');
  expect(unhealthy(health({ healthy: 0 }), 0)).toBeNull();
  expect(unhealthy(health({ healthy: 0 }, { healthy: 0 }), 10)).toBeNull();
});

test('unhealthy targets count once they get production traffic', () => {
  expect(unhealthy(health({ healthy: 0, unhealthy: 2 }), 0)).toBeNull();
  expect(unhealthy(health({ healthy: 0, unhealthy: 2 }), 10)).toContain('none');
  expect(unhealthy(health({ healthy: 1, unhealthy: 1 }), 10)).toContain(
    '1 of the new revision’s 2'.replace('’', "'"),
  );
  expect(unhealthy(health({ healthy: 9, unhealthy: 1 }), 10)).toBeNull();
});

test('half of the targets may be unhealthy for a minute, because they get no requests meanwhile', () => {
  const found = health({ healthy: 1, unhealthy: 1 });
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
    expect(unhealthy(health({ healthy: 0 }), 30, taken(2))).toBeNull();
    expect(unhealthy(health({ healthy: 0, unhealthy: 2 }), 30, taken(2))).toBeNull();
    expect(unhealthy(health({ healthy: 1, unhealthy: 1 }), 30, taken(1))).toBeNull();
  });

  test('do not excuse the others', () => {
    expect(unhealthy(health({ healthy: 0, unhealthy: 2 }), 30, taken(1))).toContain('none of');
    expect(unhealthy(health({ healthy: 0, crashes: 2 }), 30, taken(2))).toContain('a container exited');
  });
});
