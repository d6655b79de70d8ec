import { expect, test } from '@jest/globals';
import { createGateWatch } from '../../../../src/rollout/gates/gates.ts';
import type { Approvals } from '../../../../src/rollout/gates/approvals.ts';
import type { GateAnswer } from '../../../../src/rollout/gates/answer.ts';
import { MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import type { Pause, Traffic } from '../../../../src/rollout/traffic/traffic-mover.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

const traffic = (percent: number, pause: Pause): Traffic => ({
  id: 'arn:deployment',
  phase: 'paused',
  share: 'traffic',
  percent,
  verifiedPercent: percent,
  pause,
  oldRevisionUntil: null,
  stage: 'IN_PROGRESS',
  reason: null,
  startedAt: 0,
  canary: { desired: 1, running: 1 },
  stable: { desired: 1, running: 1 },
});
const PAUSE: Pause = { id: 'hook-1', since: 0, until: MINUTE };

function watching(answers: readonly Promise<GateAnswer>[]) {
  const clock = createVirtualClock(0);
  const told: string[] = [];
  let asked = 0;
  const approvals: Approvals = {
    command: 'ecs-ramp continue',
    ask: () => answers[asked++] ?? Promise.resolve({ said: 'wait' }),
    aborted: () => Promise.resolve(null),
  };
  const watch = createGateWatch({
    plan: { gates: [{ kind: 'approval', percent: 50, within: MINUTE }] },
    clock,
    approvals,
    ask: () => Promise.reject(new Error('there is no webhook')),
    run: () => Promise.reject(new Error('there is no command')),
    tell: ({ kind }) => told.push(kind),
  });
  return { watch, clock, told, asked: () => asked };
}

test('a read that is abandoned while AWS is slow is not started a second time', async () => {
  const slow = Promise.withResolvers<GateAnswer>();
  const { watch, told, asked } = watching([slow.promise]);
  const first = watch.look(traffic(50, PAUSE), true);
  expect(await watch.look(traffic(50, PAUSE), true)).toEqual(['closed']);
  slow.resolve({ said: 'pass', because: 'approved by octocat' });
  expect(await first).toEqual(['open']);
  expect(await watch.look(traffic(50, PAUSE), true)).toEqual(['open']);
  expect([asked(), told]).toEqual([1, ['gate-waiting', 'gate-passed']]);
});

test('an approval is read every 15 seconds, and whenever everything is read again', async () => {
  const { watch, clock, asked } = watching([]);
  for (let second = 0; second < 60; second += 5) {
    await watch.look(traffic(50, PAUSE), false);
    await clock.advance(5 * SECOND);
  }
  expect(asked()).toBe(4);
  await watch.look(traffic(50, PAUSE), true);
  await watch.look(traffic(50, PAUSE), true);
  expect(asked()).toBe(6);
});

test('gates are not asked at other steps, or at a second pause of the same step', async () => {
  const { watch, asked } = watching([]);
  expect(await watch.look(traffic(30, PAUSE), true)).toEqual([]);
  expect(await watch.look(traffic(50, { ...PAUSE, again: true }), true)).toEqual([]);
  expect(asked()).toBe(0);
});

test('a hook with the same id at each pause still has a gate at each step', async () => {
  const { watch, told } = watching([]);
  await watch.look(traffic(30, PAUSE), true);
  await watch.look(traffic(50, PAUSE), true);
  expect(told).toEqual(['gate-waiting']);
});
