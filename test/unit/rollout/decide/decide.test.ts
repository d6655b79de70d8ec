import { describe, expect, test } from '@jest/globals';
import { decide as decideBy } from '../../../../src/rollout/decide/decide.ts';
import { canary } from '../../../../src/rollout/strategies/canary/canary.ts';
import type { RolloutRequest } from '../../../../src/core/request.ts';
import type { Observation } from '../../../../src/rollout/observation.ts';
import type { Traffic } from '../../../../src/rollout/traffic/traffic-mover.ts';
import { HOUR, MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import { rolloutRequest } from '../../../support/rollout-request.ts';

const NOW = Date.UTC(2026, 10, 21, 12);
const plan = rolloutRequest({
  steps: [10, 30, 100],
  bakeTime: 5 * MINUTE,
  stepTimeout: 30 * MINUTE,
  keepOld: 10 * MINUTE,
});

const decide = (observation: Observation, by: RolloutRequest) => decideBy(observation, by, canary);

const paused = (percent: number, since = NOW - 6 * MINUTE): Partial<Traffic> => ({
  phase: 'paused',
  percent,
  verifiedPercent: percent,
  pause: { id: 'hook-1', since, until: since + 31 * MINUTE },
});

function seen(traffic: Partial<Traffic>, more: Partial<Observation> = {}): Observation {
  const healthy = { running: 2, desired: 2, healthyTargets: 2, unhealthyTargets: 0 };
  return {
    now: NOW,
    words: canary.words,
    traffic: {
      id: 'arn:deployment',
      phase: 'starting',
      share: 'traffic',
      percent: 0,
      verifiedPercent: 0,
      pause: null,
      oldRevisionUntil: null,
      stage: 'IN_PROGRESS, SCALE_UP',
      reason: null,
      startedAt: NOW - 20 * MINUTE,
      canary: { desired: 2, running: 2 },
      stable: { desired: 2, running: 2 },
      ...traffic,
    },
    health: { canary: healthy, stable: healthy },
    unhealthy: null,
    alarm: null,
    verdict: null,
    measured: false,
    crashes: 0,
    smoke: 'not wanted',
    gates: [],
    credentialsUntil: null,
    ownMistake: null,
    cancelled: null,
    rollback: null,
    takenBy: null,
    endedSince: null,
    stayToTheEnd: false,
    rollbackPatience: 20 * MINUTE,
    ...more,
  };
}

const verdict = (kind: 'rollback' | 'pass' | 'hold') =>
  ({ verdict: kind, minute: 5, because: `because of ${kind}`, evidence: [] }) as const;
const noTargets = {
  canary: { running: 0, desired: 2, healthyTargets: 0, unhealthyTargets: 0 },
  stable: { running: 0, desired: 2, healthyTargets: 0, unhealthyTargets: 0 },
};

describe('another run took over the service', () => {
  const other = { takenBy: 'https://github.com/acme/shop/actions/runs/2/attempts/1' };
  test('this run stops acting and names the other run', () => {
    const bad = { ...other, verdict: verdict('rollback'), unhealthy: 'tasks stopped' };
    expect(decide(seen(paused(10), bad), plan)).toEqual({
      do: 'finish',
      outcome: 'dirty',
      reason: expect.stringContaining(other.takenBy),
    });
  });
  test('an end that can be verified is still reported', () => {
    const end = seen({ phase: 'done', percent: 100, verifiedPercent: 100 }, other);
    expect(decide(end, plan)).toMatchObject({ do: 'finish', outcome: 'deployed' });
  });
});

describe('before production traffic', () => {
  test('a new revision that does not become healthy in time is rolled back', () => {
    const late = seen({ startedAt: NOW - plan.startTimeout - SECOND });
    expect(decide(late, plan)).toMatchObject({ do: 'roll-back', cause: 'start' });
    expect(decide(seen({ startedAt: NOW - plan.startTimeout + SECOND }), plan)).toMatchObject({ do: 'wait' });
  });
  test('the smoke tests come before the first step', () => {
    expect(decide(seen(paused(0), { smoke: 'to do' }), plan)).toEqual({ do: 'smoke-test' });
    expect(decide(seen(paused(0), { smoke: 'passed' }), plan)).toMatchObject({ do: 'advance' });
    const failed = { problem: '/healthz answered 500 instead of 200' };
    expect(decide(seen(paused(0), { smoke: failed }), plan)).toEqual({
      do: 'roll-back',
      cause: 'smoke-test',
      reason: failed.problem,
    });
  });
  test('no traffic goes to a revision without a healthy target', () => {
    expect(decide(seen(paused(0), { health: noTargets }), plan)).toMatchObject({ do: 'wait' });
  });
});

describe('at a step', () => {
  test('a pass continues after the bake time, not before', () => {
    const pass = { verdict: verdict('pass') };
    expect(decide(seen(paused(10), pass), plan)).toMatchObject({ do: 'advance', because: 'because of pass' });
    expect(decide(seen(paused(10, NOW - MINUTE), pass), plan)).toMatchObject({
      do: 'wait',
      until: NOW + 4 * MINUTE,
    });
  });
  test('there is no next step without a healthy target, whatever the verdict is, even at a step that is not in the plan', () => {
    const blind = { health: noTargets, verdict: verdict('pass') };
    expect(decide(seen(paused(10), blind), plan)).toMatchObject({ do: 'wait' });
    expect(decide(seen(paused(20), blind), plan)).toMatchObject({ do: 'wait' });
    const late = paused(10, NOW - 31 * MINUTE);
    expect(decide(seen(late, blind), plan)).toMatchObject({ do: 'roll-back', cause: 'health' });
  });
  test('a hold waits, however long the bake time was', () => {
    expect(decide(seen(paused(10), { verdict: verdict('hold') }), plan)).toMatchObject({ do: 'wait' });
    expect(decide(seen(paused(10)), plan)).toMatchObject({ do: 'wait' });
  });
  test('a rollback verdict counts in every phase with traffic, also while the old revision is kept', () => {
    for (const traffic of [
      paused(10, NOW),
      paused(20),
      { phase: 'moving', percent: 30 } as const,
      { phase: 'keeping-old', percent: 100 } as const,
    ]) {
      expect(decide(seen(traffic, { verdict: verdict('rollback') }), plan)).toEqual({
        do: 'roll-back',
        cause: 'judge',
        reason: 'because of rollback',
      });
    }
  });
  test('a share that is not a step of the plan is only passed through', () => {
    expect(decide(seen(paused(20, NOW)), plan)).toMatchObject({ do: 'advance', because: null });
  });
  test('at the deadline, on-inconclusive decides', () => {
    const late = seen(paused(10, NOW - 30 * MINUTE), { verdict: verdict('hold') });
    expect(decide(late, plan)).toMatchObject({ do: 'roll-back', cause: 'deadline' });
    expect(decide(late, { ...plan, onInconclusive: 'continue' })).toMatchObject({ do: 'advance' });
  });
  test('a weight in ECS that is behind the listener rule is not used', () => {
    // The rule is already at the step: answering the pause of the previous step would skip its
    // evaluation.
    for (const percent of [0, 20]) {
      const lagging = { ...paused(percent, NOW), verifiedPercent: 30 };
      expect(decide(seen(lagging), plan)).toMatchObject({ do: 'wait' });
    }
  });
  test('weights that somebody else changed are rolled back, not judged', () => {
    const foreign = { ...paused(10), verifiedPercent: 55 };
    expect(decide(seen(foreign, { verdict: verdict('pass') }), plan)).toMatchObject({
      do: 'roll-back',
      cause: 'problem',
    });
    const fresh = { ...paused(10, NOW - 10 * SECOND), verifiedPercent: 0 };
    expect(decide(seen(fresh, { verdict: verdict('pass') }), plan)).toMatchObject({ do: 'wait' });
  });
  test('unhealthy targets or tasks are rolled back at once', () => {
    expect(decide(seen(paused(10), { unhealthy: 'tasks exit' }), plan)).toMatchObject({
      do: 'roll-back',
      cause: 'health',
    });
  });
  test('an alarm that fired causes a rollback by itself, whatever the verdict is', () => {
    const fired = seen(paused(10), { alarm: 'Alarm "p99" fired', verdict: verdict('pass') });
    expect(decide(fired, plan)).toEqual({ do: 'roll-back', cause: 'alarm', reason: 'Alarm "p99" fired' });
  });
  test('a cancelled job rolls back, or leaves the rollout with on-cancel: leave', () => {
    const cancelled = seen(paused(30), { cancelled: 'SIGINT', verdict: verdict('pass') });
    expect(decide(cancelled, plan)).toMatchObject({ do: 'roll-back', cause: 'cancel' });
    expect(decide(cancelled, { ...plan, onCancel: 'leave' })).toMatchObject({
      do: 'finish',
      outcome: 'dirty',
    });
  });
});

describe('a rollback', () => {
  const rollback = { at: NOW - MINUTE, reason: 'too many errors' };
  test('is waited for, and nothing else counts', () => {
    const back = seen({ phase: 'rolling-back', percent: 10 }, { rollback, verdict: verdict('pass') });
    expect(decide(back, plan)).toMatchObject({ do: 'wait' });
  });
  test('that ECS does not show is requested again', () => {
    expect(decide(seen(paused(10), { rollback, verdict: verdict('pass') }), plan)).toMatchObject({
      do: 'roll-back',
    });
  });
  const long = { ...rollback, at: NOW - 60 * MINUTE };
  test('that ECS does not finish still counts when all traffic is back on healthy targets', () => {
    const draining = { phase: 'rolling-back', stage: 'ROLLBACK_IN_PROGRESS, CLEAN_UP' } as const;
    expect(decide(seen(draining, { rollback: long }), plan)).toMatchObject({
      outcome: 'rolled-back',
      reason: expect.stringMatching(/^too many errors\. All production traffic is back .* CLEAN_UP/),
    });
  });
  test.each([
    ['has started', { phase: 'moving' }, {}],
    ['has moved the traffic', { phase: 'rolling-back', verifiedPercent: 10 }, {}],
    ['has a known share of the traffic', { phase: 'rolling-back', verifiedPercent: null }, {}],
    ['has healthy targets', { phase: 'rolling-back' }, { health: noTargets }],
  ] as const)('without proof that it %s needs a person', (_, traffic, more) => {
    expect(decide(seen(traffic, { rollback: long, ...more }), plan)).toMatchObject({
      outcome: 'dirty',
      reason: expect.stringContaining('within 60 minutes of the request (too many errors)'),
    });
  });
  test('is reported with the reason of ecs-ramp, or with that of ECS when ECS decided', () => {
    const back = { phase: 'rolled-back', reason: 'hook timed out' } as const;
    expect(decide(seen(back, { rollback }), plan)).toEqual({
      do: 'finish',
      outcome: 'rolled-back',
      reason: 'too many errors',
    });
    expect(decide(seen(back), plan)).toMatchObject({ reason: expect.stringContaining('hook timed out') });
  });
});

describe('an end is accepted when the load balancer confirms it', () => {
  test.each([
    ['done', 90],
    ['rolled-back', 10],
  ] as const)('%s with %d%% on the rule', (phase, verifiedPercent) => {
    const traffic = { phase, verifiedPercent };
    expect(decide(seen(traffic, { endedSince: NOW }), plan)).toMatchObject({ do: 'wait' });
    expect(decide(seen(traffic, { endedSince: NOW - 5 * MINUTE }), plan)).toMatchObject({ outcome: 'dirty' });
  });
  test('and the targets are healthy', () => {
    const done = { phase: 'done', percent: 100, verifiedPercent: 100 } as const;
    expect(decide(seen(done), plan)).toMatchObject({ do: 'finish', outcome: 'deployed' });
    expect(decide(seen(done, { health: noTargets, endedSince: NOW - 5 * MINUTE }), plan)).toMatchObject({
      outcome: 'dirty',
    });
  });
  test('a deployment that succeeded despite a rollback request is not reported as deployed', () => {
    const done = seen(
      { phase: 'done', percent: 100, verifiedPercent: 100 },
      { rollback: { at: NOW, reason: 'errors' } },
    );
    expect(decide(done, plan)).toMatchObject({ outcome: 'dirty' });
  });
  test('ECS giving up is never green', () => {
    expect(decide(seen({ phase: 'failed', reason: 'no capacity' }), plan)).toMatchObject({
      outcome: 'dirty',
    });
  });
});

const keepingOld = (until: number): Partial<Traffic> => ({
  phase: 'keeping-old',
  percent: 100,
  verifiedPercent: 100,
  oldRevisionUntil: until,
});

describe('at 100%, while the old revision is kept', () => {
  test('one more bake time is watched, then the job ends while the old revision stays', () => {
    expect(decide(seen(keepingOld(NOW + 10 * MINUTE)), plan)).toMatchObject({
      do: 'wait',
      until: NOW + 5 * MINUTE,
    });
    expect(decide(seen(keepingOld(NOW + 5 * MINUTE)), plan)).toMatchObject({
      do: 'finish',
      outcome: 'deployed',
    });
  });
  test('the removal of an old revision that is not kept is waited for', () => {
    const gone = decide(seen(keepingOld(NOW)), { ...plan, keepOld: 0 });
    expect(gone).toMatchObject({ do: 'wait' });
  });
  test('when the clean-up requires it, the end of the deployment is waited for', () => {
    const stay = seen(keepingOld(NOW + MINUTE), { stayToTheEnd: true });
    expect(decide(stay, plan)).toMatchObject({ do: 'wait' });
  });
});

describe('gates', () => {
  const gated = {
    ...plan,
    gates: [
      { kind: 'command', percent: 0, within: 15 * MINUTE, program: './test.sh', args: [], directory: '/' },
      { kind: 'approval', percent: 30, within: 2 * HOUR },
      { kind: 'webhook', percent: 30, within: MINUTE * 45, url: 'https://tests.example.com/run?key=s3cr3t' },
    ],
  } as const;
  const pass = { verdict: verdict('pass') };

  test('hold a step that has a pass verdict until all its gates are open', () => {
    expect(decide(seen(paused(30), { ...pass, gates: ['closed', 'open'] }), gated)).toEqual({
      do: 'wait',
      what: 'the gate at 30%: an approval',
      until: NOW - 6 * MINUTE + 2 * HOUR,
      otherwise: 'the rollout is rolled back',
    });
    expect(decide(seen(paused(30), { ...pass, gates: ['open', 'closed'] }), gated)).toMatchObject({
      what: 'the gate at 30%: the webhook at https://tests.example.com',
    });
    expect(decide(seen(paused(30), { ...pass, gates: ['open', 'open'] }), gated)).toMatchObject({
      do: 'advance',
    });
  });
  test('that could not be read are closed', () => {
    expect(decide(seen(paused(30), pass), gated)).toMatchObject({ do: 'wait' });
    expect(decide(seen(paused(30), { ...pass, gates: ['open'] }), gated)).toMatchObject({ do: 'wait' });
    expect(decide(seen(paused(0)), gated)).toMatchObject({ do: 'wait' });
  });
  test('of one step do not hold another', () => {
    expect(decide(seen(paused(10), pass), gated)).toMatchObject({ do: 'advance' });
    expect(decide(seen(paused(20)), gated)).toMatchObject({ do: 'advance', because: null });
  });
  test('do not pass a step alone: the evidence, the bake time and the smoke tests still count', () => {
    const open = { gates: ['open', 'open'] } as const;
    expect(decide(seen(paused(30), { ...open, verdict: verdict('hold') }), gated)).toMatchObject({
      do: 'wait',
    });
    expect(decide(seen(paused(30, NOW), { ...open, ...pass }), gated)).toMatchObject({ do: 'wait' });
    expect(decide(seen(paused(0), { ...open, smoke: 'to do' }), gated)).toEqual({ do: 'smoke-test' });
  });
  test('do not prevent a rollback, open or closed', () => {
    for (const gates of [['closed', 'closed'], ['open', 'open'], []] as const) {
      const bad = { gates, verdict: verdict('rollback') };
      expect(decide(seen(paused(30), bad), gated)).toMatchObject({ do: 'roll-back', cause: 'judge' });
      expect(decide(seen(paused(30), { gates, alarm: 'pager fired' }), gated)).toMatchObject({
        cause: 'alarm',
      });
      expect(decide(seen(paused(30), { gates, cancelled: 'SIGINT' }), gated)).toMatchObject({
        cause: 'cancel',
      });
    }
  });
  test('that fail, or are closed at their deadline, cause a rollback, even with on-inconclusive: continue', () => {
    const no = {
      ...pass,
      gates: ['closed', { problem: 'the webhook answered 409: 3 of 20 failed' }],
    } as const;
    expect(decide(seen(paused(30), no), gated)).toEqual({
      do: 'roll-back',
      cause: 'gate',
      reason: 'the gate at 30%: the webhook answered 409: 3 of 20 failed',
    });
    const late = seen(paused(30, NOW - 2 * HOUR), { ...pass, gates: ['closed', 'open'] });
    expect(decide(late, { ...gated, onInconclusive: 'continue' })).toEqual({
      do: 'roll-back',
      cause: 'gate',
      reason: 'the gate at 30% did not open within 2h: an approval',
    });
  });
  test('are not asked again when ECS pauses twice at a step', () => {
    const again = paused(30, NOW - 3 * HOUR);
    const traffic = { ...again, pause: { ...again.pause!, again: true } } as const;
    expect(decide(seen(traffic), gated)).toMatchObject({ do: 'advance' });
  });
  test('lengthen the time for evidence at their own step only', () => {
    const held = { gates: ['closed', 'open'], verdict: verdict('hold') } as const;
    expect(decide(seen(paused(30, NOW - 40 * MINUTE), held), gated)).toMatchObject({ do: 'wait' });
    expect(decide(seen(paused(10, NOW - 40 * MINUTE), held), gated)).toMatchObject({ cause: 'deadline' });
  });
});
