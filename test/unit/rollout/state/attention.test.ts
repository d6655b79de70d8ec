import { expect, test } from '@jest/globals';
import { MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import { decideWait } from '../../../../src/rollout/observation.ts';
import { Attention, isQuiet, isSame, type Glanced } from '../../../../src/rollout/state/attention.ts';
import { healthOf } from '../../../support/health.ts';
import { NOW, observation, pausedAt, type Observed } from '../../../support/observation.ts';

const atTen = pausedAt(10, NOW - MINUTE);
const waiting = decideWait('enough evidence at 10%', null, null);

test('a rollout that only waits reads one signal at a time, and the stopped tasks every other time', () => {
  const attention = new Attention();
  attention.note(observation({ traffic: atTen }), waiting);
  const read = Array.from({ length: 8 }, () => attention.next());
  expect(new Set(read)).toEqual(new Set(['tasks', 'deployment', 'targets']));
  expect(read.filter((_, index) => index % 2 === read.indexOf('tasks') % 2)).toEqual(Array(4).fill('tasks'));
});

test.each<[string, Observed]>([
  ['ECS moves traffic', { traffic: { phase: 'moving', percent: 10, verifiedPercent: 10 } }],
  ['ECS starts the new revision', {}],
  ['the rule does not show the share yet', { traffic: { ...atTen, verifiedPercent: 0 } }],
  ['ECS will act by itself', { traffic: { ...atTen, pause: { ...atTen.pause, until: NOW + 29 * SECOND } } }],
  ['ECS repeats a pause', { traffic: { ...atTen, pause: { ...atTen.pause, again: true } } }],
  ['a task failed', { traffic: atTen, crashes: 1 }],
  ['an alarm fired', { traffic: atTen, alarm: 'Alarm "errors" fired' }],
  ['somebody requested a stop', { traffic: atTen, cancelled: 'SIGTERM' }],
  ['another run took over', { traffic: atTen, takenBy: 'run 2' }],
  ['the traffic is off', { traffic: atTen, shelter: { status: 'on', changedAt: 0, adopted: false } }],
  ['ECS found no room', { traffic: atTen, shortage: { since: NOW, until: null, said: 'found no room' } }],
  [
    'a task was taken',
    {
      traffic: atTen,
      interruptions: [{ arm: 'stable', by: 'a person', tasks: 1, since: NOW, until: null }],
    },
  ],
  [
    'a task is missing',
    {
      traffic: atTen,
      health: {
        canary: { desired: 2, running: 1, healthyTargets: 2, unhealthyTargets: 0 },
        stable: { desired: 2, running: 2, healthyTargets: 2, unhealthyTargets: 0 },
      },
    },
  ],
  [
    'a target is unhealthy',
    {
      traffic: atTen,
      health: {
        canary: { desired: 2, running: 2, healthyTargets: 1, unhealthyTargets: 1 },
        stable: { desired: 2, running: 2, healthyTargets: 2, unhealthyTargets: 0 },
      },
    },
  ],
])('everything that is due is read while %s', (_, observed) => {
  expect(isQuiet(observation({ traffic: atTen }))).toBe(true);
  const attention = new Attention();
  attention.note(observation(observed), waiting);
  expect(attention.next()).toBe('due');
});

test('an observation before its usual time reads only the metrics', () => {
  const attention = new Attention();
  attention.note(observation({ traffic: atTen }), waiting);
  attention.comesEarly(true);
  expect(attention.next()).toBe('metrics');
  attention.wake();
  expect(attention.next()).toBe('due');
});

test('everything that is due is read after a decision to act, and after a failure', () => {
  const attention = new Attention();
  const { pause } = atTen;
  attention.note(observation({ traffic: atTen }), { do: 'advance', pause, because: 'good' });
  expect(attention.next()).toBe('due');
  attention.note(observation({ traffic: atTen }), waiting);
  attention.wake();
  expect(attention.next()).toBe('due');
});

test('a glance shows something new if any sign of it differs', () => {
  const { traffic } = observation({ traffic: atTen });
  const before: Glanced = { traffic, health: healthOf({ healthy: 2 }) };
  expect(isSame(before, { traffic: { ...traffic }, health: healthOf({ healthy: 2 }) })).toBe(true);
  const taken = [{ taskArn: 'arn:task', at: NOW, by: 'a person', isRunning: false }];
  const different: readonly Glanced[] = [
    { ...before, traffic: { ...traffic, phase: 'rolling-back' } },
    { ...before, health: healthOf({ healthy: 1 }) },
    { ...before, health: healthOf({ healthy: 2, crashes: 1 }) },
    { ...before, health: { ...healthOf({ healthy: 2 }), taken: { canary: taken, stable: [] } } },
    { ...before, health: { ...healthOf({ healthy: 2 }), taken: { canary: [], stable: taken } } },
  ];
  for (const now of different) expect(isSame(before, now)).toBe(false);
});
