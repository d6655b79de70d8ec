import { expect, test } from '@jest/globals';
import type { Health } from '../../../../src/rollout/health/health.ts';
import { lostTime, type Interruption } from '../../../../src/rollout/health/interruption.ts';
import type { TakenTask } from '../../../../src/rollout/health/taken-tasks.ts';
import { Interruptions } from '../../../../src/rollout/state/interruptions.ts';
import { trafficBeforeFirstLook, unseenHealth } from '../../../../src/rollout/unseen.ts';
import type { Phase } from '../../../../src/rollout/traffic/traffic-mover.ts';
import type { NewEvent } from '../../../../src/core/trail/event.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

const interruption = (since: number, until: number | null): Interruption => ({
  arm: 'canary',
  by: 'a Spot interruption',
  tasks: 1,
  since,
  until,
});

test('time that two interruptions share is lost once', () => {
  const both = [interruption(20, 40), interruption(30, 60), interruption(90, null)];
  expect(lostTime(both, 0, 100)).toBe(40 + 10);
  expect(lostTime(both, 35, 50)).toBe(15);
  expect(lostTime([], 0, 100)).toBe(0);
});

const SPOT: TakenTask = { taskArn: 'task-1', at: 1_000, by: 'a Spot interruption', isRunning: false };

function stage() {
  const clock = createVirtualClock();
  const told: string[] = [];
  const interruptions = new Interruptions({
    clock,
    tell: (event: NewEvent) => told.push(event.kind === 'notice' ? event.message : event.kind),
  });
  const look = (
    canary: Partial<Health['arms']['canary']>,
    taken: readonly TakenTask[],
    phase: Phase = 'paused',
  ) => {
    const traffic = {
      ...trafficBeforeFirstLook({
        id: 'd',
        adopted: false,
        share: 'traffic',
        startedAt: 0,
        patience: null,
        canary: { taskDefinitionArn: 'new', group: null },
        stable: { taskDefinitionArn: 'old', group: null },
      }),
      phase,
    };
    const health = unseenHealth(traffic);
    const whole = { desired: 2, running: 2, healthyTargets: 2, unhealthyTargets: 0 };
    return interruptions.note(traffic, {
      ...health,
      arms: { stable: whole, canary: { ...whole, ...canary } },
      taken: { canary: taken, stable: [] },
    });
  };
  return { clock, told, interruptions, look };
}

test('an interruption lasts from the first taken task until all tasks run and the health of each is known', () => {
  const { interruptions, look, told } = stage();
  expect(look({}, [])).toBe(false);
  expect(look({ healthyTargets: 1, running: 1 }, [SPOT])).toBe(true);
  expect(interruptions.all).toMatchObject([{ since: 1_000, until: null, tasks: 1 }]);
  // The new task runs, but the load balancer has not checked it yet.
  expect(look({ healthyTargets: 1 }, [SPOT])).toBe(false);
  expect(interruptions.all).toMatchObject([{ until: null }]);
  look({ healthyTargets: 1, unhealthyTargets: 1 }, [SPOT]);
  expect(interruptions.all).toMatchObject([{ until: expect.any(Number) }]);
  expect(told).toEqual([
    '1 of 2 tasks of the new revision was taken by a Spot interruption. That is not the fault of the release: the judge ignores this time until ECS has replaced the tasks.',
    expect.stringMatching(/^The new revision has all of its tasks again, after /),
  ]);
});

test('a task on a lost host keeps it open, and the same task is counted once when ECS stops it', () => {
  const { interruptions, look } = stage();
  look({ healthyTargets: 1, unhealthyTargets: 1 }, [{ ...SPOT, isRunning: true }]);
  look({ healthyTargets: 1, unhealthyTargets: 0, running: 1 }, [SPOT]);
  expect(interruptions.all).toMatchObject([{ tasks: 1, until: null }]);
});

test('tasks that ECS stops at the end of a rollout interrupt nothing', () => {
  const { interruptions, look } = stage();
  for (const phase of ['cleaning-up', 'rolling-back', 'done'] as const)
    look({ healthyTargets: 0, running: 0 }, [SPOT], phase);
  expect(interruptions.all).toEqual([]);
});
