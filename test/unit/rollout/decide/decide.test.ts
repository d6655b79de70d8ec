import { describe, expect, test } from '@jest/globals';
import { commandGate, webhookGate } from '../../../support/gates.ts';
import { decide as decideBy } from '../../../../src/rollout/decide/decide.ts';
import { canary } from '../../../../src/rollout/strategies/canary/canary.ts';
import type { RolloutRequest } from '../../../../src/core/request.ts';
import type { Observation } from '../../../../src/rollout/observation.ts';
import { HOUR, MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import { NOW, observation, pausedAt as pausedSince, type Observed } from '../../../support/observation.ts';
import { rolloutRequest } from '../../../support/rollout-request.ts';

const plan = rolloutRequest({
  steps: [10, 30, 100],
  bakeTime: 5 * MINUTE,
  stepTimeout: 30 * MINUTE,
  keepOld: 10 * MINUTE,
});

const decide = (observed: Observation, by: RolloutRequest) => decideBy(observed, by, canary);

/** One minute longer than the bake time, and much shorter than the step timeout. */
const AFTER_BAKE_TIME = NOW - 6 * MINUTE;

/** By default, the bake time is over. */
const pausedAt = (percent: number, { since = AFTER_BAKE_TIME } = {}) => pausedSince(percent, since);

const keepingOldUntil = (oldRevisionUntil: number) =>
  ({ phase: 'keeping-old', percent: 100, verifiedPercent: 100, oldRevisionUntil }) as const;

const DONE = { phase: 'done', percent: 100, verifiedPercent: 100 } as const;

const verdict = (kind: 'rollback' | 'pass' | 'hold') =>
  ({ verdict: kind, minute: 5, because: `because of ${kind}`, evidence: [] }) as const;
const [PASS, HOLD, ROLLBACK] = [verdict('pass'), verdict('hold'), verdict('rollback')];

const notRunning = { running: 0, desired: 2, healthyTargets: 0, unhealthyTargets: 0 };
const NO_HEALTHY_TARGETS = { canary: notRunning, stable: notRunning };

describe('another run took over the service', () => {
  const takenBy = 'https://github.com/acme/shop/actions/runs/2/attempts/1';
  test('this run stops acting and names the other run', () => {
    const bad = { verdict: ROLLBACK, unhealthy: 'tasks stopped' };
    expect(decide(observation({ traffic: pausedAt(10), takenBy, ...bad }), plan)).toEqual({
      do: 'finish',
      outcome: 'dirty',
      reason: expect.stringContaining(takenBy),
    });
  });
  test('an end that can be verified is still reported', () => {
    const ended = observation({ traffic: DONE, takenBy });
    expect(decide(ended, plan)).toMatchObject({ do: 'finish', outcome: 'deployed' });
  });
});

describe('before production traffic', () => {
  test('a new revision that does not become healthy in time is rolled back', () => {
    const startedAt = NOW - plan.startTimeout;
    const tooLate = observation({ traffic: { startedAt: startedAt - SECOND } });
    const inTime = observation({ traffic: { startedAt: startedAt + SECOND } });
    expect(decide(tooLate, plan)).toMatchObject({ do: 'roll-back', cause: 'start' });
    expect(decide(inTime, plan)).toMatchObject({ do: 'wait' });
  });
  test('the smoke tests come before the first step', () => {
    const untested = observation({ traffic: pausedAt(0), smoke: 'to do' });
    expect(decide(untested, plan)).toEqual({ do: 'smoke-test' });
    expect(decide({ ...untested, smoke: 'passed' }, plan)).toMatchObject({ do: 'advance' });
    const problem = '/healthz answered 500 instead of 200';
    expect(decide({ ...untested, smoke: { cause: 'smoke-test', problem } }, plan)).toEqual({
      do: 'roll-back',
      cause: 'smoke-test',
      reason: problem,
    });
  });
  test('no traffic goes to a revision without a healthy target', () => {
    const untargeted = observation({ traffic: pausedAt(0), health: NO_HEALTHY_TARGETS });
    expect(decide(untargeted, plan)).toMatchObject({ do: 'wait' });
  });
});

const taken = (since: number, until: number | null = null) => [
  { arm: 'canary', by: 'a Spot interruption', tasks: 1, since, until } as const,
];

describe('while tasks that were taken are replaced', () => {
  test('the rollout waits, at a step of the plan and between two, whatever the verdict is', () => {
    for (const percent of [0, 10, 20]) {
      const interruptions = taken(NOW - MINUTE);
      const seen = observation({ traffic: pausedAt(percent), interruptions, verdict: PASS });
      expect(decide(seen, { ...plan, capacityTimeout: 20 * MINUTE })).toMatchObject({
        do: 'wait',
        what: 'ECS to replace 1 task of the new revision taken by a Spot interruption (2 of 2 healthy)',
        until: NOW + 19 * MINUTE,
      });
    }
  });
  const gone = { running: 0, desired: 2, healthyTargets: 0, unhealthyTargets: 0 };
  const healthy = { running: 2, desired: 2, healthyTargets: 2, unhealthyTargets: 0 };

  test('traffic goes off a revision that has no healthy target left, and back when it has all of them', () => {
    const health = { canary: gone, stable: healthy };
    const interruptions = taken(NOW - SECOND);
    const seen = observation({ traffic: pausedAt(10), interruptions, health });
    expect(decide(seen, plan)).toEqual({ do: 'take-off' });
    const off = {
      ...seen,
      shelter: { status: 'on', changedAt: NOW, adopted: false } as const,
      traffic: { ...seen.traffic, verifiedPercent: 0 },
    };
    expect(decide(off, plan)).toMatchObject({ do: 'wait', what: expect.stringContaining('ECS to replace') });
    const back = {
      ...off,
      interruptions: taken(NOW - MINUTE, NOW),
      health: { canary: healthy, stable: healthy },
    };
    expect(decide(back, plan)).toEqual({ do: 'put-back' });
    // The rule shows the new weights some seconds later.
    const after = { ...back, shelter: { status: 'possible', changedAt: NOW, adopted: false } as const };
    expect(decide(after, plan)).toMatchObject({ do: 'wait', what: 'the listener rule to show 10%' });
  });
  test('traffic that somebody moves to a revision without tasks is taken off again, once a step', () => {
    const seen = observation({
      traffic: { ...pausedAt(60, { since: NOW - 10 * SECOND }), verifiedPercent: 60 },
      shelter: { status: 'on', changedAt: NOW - MINUTE, adopted: false },
      interruptions: taken(NOW - MINUTE),
      health: { canary: gone, stable: healthy },
    });
    expect(decide(seen, plan)).toEqual({ do: 'take-off' });
    const later = { ...seen, shelter: { ...seen.shelter, changedAt: NOW - SECOND } };
    expect(decide(later, plan)).toMatchObject({
      do: 'wait',
      what: expect.stringContaining('ECS to replace'),
    });
    const some = { ...seen, health: { canary: { ...gone, healthyTargets: 1 }, stable: healthy } };
    expect(decide(some, plan)).toMatchObject({ do: 'wait' });
  });
  test('an earlier run that ended while the traffic was off is carried on', () => {
    const seen = observation({
      traffic: { ...pausedAt(10), verifiedPercent: 0 },
      shelter: { status: 'possible', changedAt: 0, adopted: true },
      interruptions: taken(NOW - 10 * MINUTE),
      health: { canary: gone, stable: healthy },
    });
    expect(decide(seen, plan)).toMatchObject({ do: 'wait', what: expect.stringContaining('ECS to replace') });
    const back = {
      ...seen,
      interruptions: taken(NOW - 10 * MINUTE, NOW),
      health: { canary: healthy, stable: healthy },
    };
    expect(decide(back, plan)).toEqual({ do: 'put-back' });
    // Nothing says that it was ecs-ramp.
    const late = {
      ...back,
      traffic: { ...back.traffic, pause: { ...back.traffic.pause!, since: NOW - HOUR } },
    };
    expect(decide({ ...late, interruptions: [] }, plan)).toMatchObject({ do: 'roll-back', cause: 'problem' });
    const own = { ...late, shelter: { ...late.shelter, adopted: false } };
    expect(decide(own, plan)).toMatchObject({ do: 'roll-back', cause: 'problem' });
  });
  test('at 100%, the kept old revision serves again when every new task was taken', () => {
    const seen = observation({
      traffic: keepingOldUntil(NOW + 5 * MINUTE),
      interruptions: taken(NOW - SECOND),
      health: { canary: gone, stable: healthy },
    });
    expect(decide(seen, plan)).toMatchObject({ do: 'roll-back', cause: 'capacity' });
    const some = { canary: healthy, stable: healthy };
    expect(decide({ ...seen, health: some }, plan)).not.toMatchObject({ do: 'roll-back' });
  });
  test('at 100%, the job does not end as deployed while no task serves', () => {
    const seen = observation({
      traffic: keepingOldUntil(NOW),
      interruptions: taken(NOW - SECOND),
      health: { canary: gone, stable: gone },
    });
    expect(decide(seen, plan)).toMatchObject({ do: 'wait', what: expect.stringContaining('ECS to replace') });
    const some = { canary: healthy, stable: gone };
    expect(decide({ ...seen, health: some }, plan)).toMatchObject({ do: 'finish', outcome: 'deployed' });
  });
  test('traffic that cannot be taken off goes back to the old revision, and the release is not blamed', () => {
    const seen = observation({
      traffic: pausedAt(10),
      interruptions: taken(NOW - SECOND),
      health: { canary: gone, stable: healthy },
      shelter: { status: 'impossible', changedAt: 0, adopted: false },
    });
    expect(decide(seen, plan)).toMatchObject({
      do: 'roll-back',
      cause: 'capacity',
      reason: expect.stringContaining('not the fault of the release'),
    });
  });
  test('it ends after the capacity timeout, and the release is not blamed', () => {
    const interruptions = taken(NOW - plan.capacityTimeout);
    const seen = observation({ traffic: pausedAt(10), interruptions, verdict: HOLD });
    expect(decide(seen, plan)).toMatchObject({
      do: 'roll-back',
      cause: 'capacity',
      reason: expect.stringContaining('not the fault of the release'),
    });
  });
  test('it ends before ECS ends the pause', () => {
    const interruptions = taken(NOW - MINUTE);
    const patient = { ...plan, stepTimeout: 10 * MINUTE, capacityTimeout: 30 * MINUTE };
    expect(
      decide(observation({ traffic: pausedAt(0, { since: NOW - 9 * MINUTE }), interruptions }), patient),
    ).toMatchObject({
      do: 'wait',
      until: NOW + MINUTE,
    });
    expect(
      decide(observation({ traffic: pausedAt(0, { since: NOW - 10 * MINUTE }), interruptions }), patient),
    ).toMatchObject({
      do: 'roll-back',
      cause: 'capacity',
      reason: expect.stringContaining('within 1m'),
    });
  });
  test('the time to start counts from when they are replaced', () => {
    const startedAt = NOW - plan.startTimeout - MINUTE;
    const seen = observation({ traffic: { startedAt }, interruptions: taken(startedAt, NOW - 2 * MINUTE) });
    expect(decide(seen, plan)).toMatchObject({ do: 'wait' });
    expect(decide({ ...seen, interruptions: [] }, plan)).toMatchObject({ cause: 'start' });
  });
  test('a crash or the judge still roll it back', () => {
    const seen = observation({ traffic: pausedAt(10), interruptions: taken(NOW - MINUTE) });
    expect(decide({ ...seen, unhealthy: 'tasks exited' }, plan)).toMatchObject({ cause: 'health' });
    expect(decide({ ...seen, verdict: ROLLBACK }, plan)).toMatchObject({ cause: 'judge' });
  });
  test('the bake time does not run', () => {
    const interruptions = taken(NOW - 6 * MINUTE, NOW - 4 * MINUTE);
    const seen = observation({ traffic: pausedAt(10), interruptions, verdict: PASS });
    expect(decide(seen, plan)).toMatchObject({ do: 'wait', until: NOW + MINUTE });
  });
  test('a step without a verdict is not blamed on the release', () => {
    const traffic = pausedAt(10, { since: NOW - 31 * MINUTE });
    const interruptions = taken(NOW - 20 * MINUTE, NOW - 8 * MINUTE);
    const seen = observation({ traffic, interruptions, verdict: HOLD });
    expect(decide(seen, plan)).toMatchObject({
      do: 'roll-back',
      cause: 'capacity',
      reason: expect.stringContaining('12m of it were lost'),
    });
    expect(decide({ ...seen, interruptions: [] }, plan)).toMatchObject({ cause: 'deadline' });
  });
});

describe('at a step', () => {
  test('a pass continues after the bake time, not before', () => {
    const after = observation({ traffic: pausedAt(10), verdict: PASS });
    const before = observation({ traffic: pausedAt(10, { since: NOW - MINUTE }), verdict: PASS });
    expect(decide(after, plan)).toMatchObject({ do: 'advance', because: 'because of pass' });
    expect(decide(before, plan)).toMatchObject({ do: 'wait', until: NOW + 4 * MINUTE });
  });
  test('there is no next step without a healthy target, whatever the verdict is, even at a step that is not in the plan', () => {
    const passed = { health: NO_HEALTHY_TARGETS, verdict: PASS };
    for (const percent of [10, 20]) {
      const atStep = observation({ traffic: pausedAt(percent), ...passed });
      expect(decide(atStep, plan)).toMatchObject({ do: 'wait' });
    }
    const late = observation({ traffic: pausedAt(10, { since: NOW - 31 * MINUTE }), ...passed });
    expect(decide(late, plan)).toMatchObject({ do: 'roll-back', cause: 'health' });
  });
  test('a hold waits, however long the bake time was', () => {
    const held = observation({ traffic: pausedAt(10), verdict: HOLD });
    const withoutVerdict = observation({ traffic: pausedAt(10) });
    expect(decide(held, plan)).toMatchObject({ do: 'wait' });
    expect(decide(withoutVerdict, plan)).toMatchObject({ do: 'wait' });
  });
  test('a rollback verdict counts in every phase with traffic, also while the old revision is kept', () => {
    for (const traffic of [
      pausedAt(10, { since: NOW }),
      pausedAt(20),
      { phase: 'moving', percent: 30 } as const,
      { phase: 'keeping-old', percent: 100 } as const,
    ]) {
      expect(decide(observation({ traffic, verdict: ROLLBACK }), plan)).toEqual({
        do: 'roll-back',
        cause: 'judge',
        reason: 'because of rollback',
      });
    }
  });
  test('a share that is not a step of the plan is only passed through', () => {
    const between = observation({ traffic: pausedAt(20, { since: NOW }) });
    expect(decide(between, plan)).toMatchObject({ do: 'advance', because: null });
  });
  test('at the deadline, on-inconclusive decides', () => {
    const late = observation({ traffic: pausedAt(10, { since: NOW - 30 * MINUTE }), verdict: HOLD });
    expect(decide(late, plan)).toMatchObject({ do: 'roll-back', cause: 'deadline' });
    expect(decide(late, { ...plan, onInconclusive: 'continue' })).toMatchObject({ do: 'advance' });
  });
  test('a weight in ECS that is behind the listener rule is not used', () => {
    // The rule is already at the step: answering the pause of the previous step would skip its
    // evaluation.
    for (const percent of [0, 20]) {
      const behind = { ...pausedAt(percent, { since: NOW }), verifiedPercent: 30 };
      expect(decide(observation({ traffic: behind }), plan)).toMatchObject({ do: 'wait' });
    }
  });
  test('weights that somebody else changed are rolled back, not judged', () => {
    const changed = { ...pausedAt(10), verifiedPercent: 55 };
    const changedByOthers = observation({ traffic: changed, verdict: PASS });
    expect(decide(changedByOthers, plan)).toMatchObject({ do: 'roll-back', cause: 'problem' });
    const fresh = { ...pausedAt(10, { since: NOW - 10 * SECOND }), verifiedPercent: 0 };
    const justPaused = observation({ traffic: fresh, verdict: PASS });
    expect(decide(justPaused, plan)).toMatchObject({ do: 'wait' });
  });
  test('unhealthy targets or tasks are rolled back at once', () => {
    const unhealthy = observation({ traffic: pausedAt(10), unhealthy: 'tasks exit' });
    expect(decide(unhealthy, plan)).toMatchObject({ do: 'roll-back', cause: 'health' });
  });
  test('an alarm that fired causes a rollback by itself, whatever the verdict is', () => {
    const fired = observation({ traffic: pausedAt(10), alarm: 'Alarm "p99" fired', verdict: PASS });
    expect(decide(fired, plan)).toEqual({ do: 'roll-back', cause: 'alarm', reason: 'Alarm "p99" fired' });
  });
  test('a cancelled job rolls back, or leaves the rollout with on-cancel: leave', () => {
    const cancelled = observation({ traffic: pausedAt(30), cancelled: 'SIGINT', verdict: PASS });
    expect(decide(cancelled, plan)).toMatchObject({ do: 'roll-back', cause: 'cancel' });
    const left = decide(cancelled, { ...plan, onCancel: 'leave' });
    expect(left).toMatchObject({ do: 'finish', outcome: 'dirty' });
  });
});

describe('a rollback', () => {
  const rollback = { at: NOW - MINUTE, reason: 'too many errors' };
  const anHourAgo = { ...rollback, at: NOW - 60 * MINUTE };
  test('is waited for, and nothing else counts', () => {
    const traffic = { phase: 'rolling-back', percent: 10 } as const;
    expect(decide(observation({ traffic, rollback, verdict: PASS }), plan)).toMatchObject({ do: 'wait' });
  });
  test('that ECS does not show is requested again', () => {
    const unseen = observation({ traffic: pausedAt(10), rollback, verdict: PASS });
    expect(decide(unseen, plan)).toMatchObject({ do: 'roll-back' });
  });
  test('that ECS does not finish still counts when all traffic is back on healthy targets', () => {
    const traffic = { phase: 'rolling-back', stage: 'ROLLBACK_IN_PROGRESS, CLEAN_UP' } as const;
    expect(decide(observation({ traffic, rollback: anHourAgo }), plan)).toMatchObject({
      outcome: 'rolled-back',
      reason: expect.stringMatching(/^too many errors\. All production traffic is back .* CLEAN_UP/),
    });
  });
  test.each([
    ['has started', { traffic: { phase: 'moving' } }],
    ['has moved the traffic', { traffic: { phase: 'rolling-back', verifiedPercent: 10 } }],
    ['has a known share of the traffic', { traffic: { phase: 'rolling-back', verifiedPercent: null } }],
    ['has healthy targets', { traffic: { phase: 'rolling-back' }, health: NO_HEALTHY_TARGETS }],
  ] as const)('without proof that it %s needs a person', (_, unproven) => {
    expect(decide(observation({ ...unproven, rollback: anHourAgo }), plan)).toMatchObject({
      outcome: 'dirty',
      reason: expect.stringContaining('within 60 minutes of the request (too many errors)'),
    });
  });
  test('is reported with the reason of ecs-ramp, or with that of ECS when ECS decided', () => {
    const traffic = { phase: 'rolled-back', reason: 'hook timed out' } as const;
    expect(decide(observation({ traffic, rollback }), plan)).toEqual({
      do: 'finish',
      outcome: 'rolled-back',
      reason: 'too many errors',
    });
    expect(decide(observation({ traffic }), plan)).toMatchObject({
      reason: expect.stringContaining('hook timed out'),
    });
  });
});

describe('an end is accepted when the load balancer confirms it', () => {
  test.each([
    ['done', 90],
    ['rolled-back', 10],
  ] as const)('%s with %d%% on the rule', (phase, verifiedPercent) => {
    const decideAfter = (duration: number) =>
      decide(observation({ traffic: { phase, verifiedPercent }, endedSince: NOW - duration }), plan);
    expect(decideAfter(0)).toMatchObject({ do: 'wait' });
    expect(decideAfter(5 * MINUTE)).toMatchObject({ outcome: 'dirty' });
  });
  test('and the targets are healthy', () => {
    const healthy = observation({ traffic: DONE });
    const unhealthy = { ...healthy, health: NO_HEALTHY_TARGETS, endedSince: NOW - 5 * MINUTE };
    expect(decide(healthy, plan)).toMatchObject({ do: 'finish', outcome: 'deployed' });
    expect(decide(unhealthy, plan)).toMatchObject({ outcome: 'dirty' });
  });
  test('a deployment that succeeded despite a rollback request is not reported as deployed', () => {
    const done = observation({ traffic: DONE, rollback: { at: NOW, reason: 'errors' } });
    expect(decide(done, plan)).toMatchObject({ outcome: 'dirty' });
  });
  test('ECS giving up is never green', () => {
    const failed = observation({ traffic: { phase: 'failed', reason: 'no capacity' } });
    expect(decide(failed, plan)).toMatchObject({ outcome: 'dirty' });
  });
});

describe('at 100%, while the old revision is kept', () => {
  test('one more bake time is watched, then the job ends while the old revision stays', () => {
    const start = observation({ traffic: keepingOldUntil(NOW + 10 * MINUTE) });
    const afterBakeTime = observation({ traffic: keepingOldUntil(NOW + 5 * MINUTE) });
    expect(decide(start, plan)).toMatchObject({ do: 'wait', until: NOW + 5 * MINUTE });
    expect(decide(afterBakeTime, plan)).toMatchObject({ do: 'finish', outcome: 'deployed' });
  });
  test('the removal of an old revision that is not kept is waited for', () => {
    const removing = observation({ traffic: keepingOldUntil(NOW) });
    expect(decide(removing, { ...plan, keepOld: 0 })).toMatchObject({ do: 'wait' });
  });
  test('when the clean-up requires it, the end of the deployment is waited for', () => {
    const stay = observation({ traffic: keepingOldUntil(NOW + MINUTE), stayToTheEnd: true });
    expect(decide(stay, plan)).toMatchObject({ do: 'wait' });
  });
});

describe('gates', () => {
  const gated = {
    ...plan,
    gates: [
      commandGate('./test.sh', { within: 15 * MINUTE }),
      { kind: 'approval', percent: 30, within: 2 * HOUR },
      webhookGate('https://tests.example.com/run?key=s3cr3t', { percent: 30, within: 45 * MINUTE }),
    ],
  } as const;
  const decideGated = (observed: Observed) => decide(observation(observed), gated);
  const passAt30 = { traffic: pausedAt(30), verdict: PASS } as const;

  test('hold a step that has a pass verdict until all its gates are open', () => {
    expect(decideGated({ ...passAt30, gates: ['closed', 'open'] })).toEqual({
      do: 'wait',
      what: 'the gate at 30%: an approval',
      until: AFTER_BAKE_TIME + 2 * HOUR,
      otherwise: 'the rollout is rolled back',
    });
    expect(decideGated({ ...passAt30, gates: ['open', 'closed'] })).toMatchObject({
      what: 'the gate at 30%: the webhook at https://tests.example.com',
    });
    expect(decideGated({ ...passAt30, gates: ['open', 'open'] })).toMatchObject({ do: 'advance' });
  });
  test('that could not be read are closed', () => {
    expect(decideGated(passAt30)).toMatchObject({ do: 'wait' });
    expect(decideGated({ ...passAt30, gates: ['open'] })).toMatchObject({ do: 'wait' });
    expect(decideGated({ traffic: pausedAt(0) })).toMatchObject({ do: 'wait' });
  });
  test('of one step do not hold another', () => {
    expect(decideGated({ traffic: pausedAt(10), verdict: PASS })).toMatchObject({ do: 'advance' });
    expect(decideGated({ traffic: pausedAt(20) })).toMatchObject({ do: 'advance', because: null });
  });
  test('do not pass a step alone: the evidence, the bake time and the smoke tests still count', () => {
    const open = { ...passAt30, gates: ['open', 'open'] } as const;
    expect(decideGated({ ...open, verdict: HOLD })).toMatchObject({ do: 'wait' });
    expect(decideGated({ ...open, traffic: pausedAt(30, { since: NOW }) })).toMatchObject({ do: 'wait' });
    const smokeTest = { traffic: pausedAt(0), gates: open.gates, smoke: 'to do' } as const;
    expect(decideGated(smokeTest)).toEqual({ do: 'smoke-test' });
  });
  test('do not prevent a rollback, open or closed', () => {
    for (const gates of [['closed', 'closed'], ['open', 'open'], []] as const) {
      const at30 = { traffic: pausedAt(30), gates };
      expect(decideGated({ ...at30, verdict: ROLLBACK })).toMatchObject({ do: 'roll-back', cause: 'judge' });
      expect(decideGated({ ...at30, alarm: 'pager fired' })).toMatchObject({ cause: 'alarm' });
      expect(decideGated({ ...at30, cancelled: 'SIGINT' })).toMatchObject({ cause: 'cancel' });
    }
  });
  test('that fail, or are closed at their deadline, cause a rollback, even with on-inconclusive: continue', () => {
    const problem = 'the webhook answered 409: 3 of 20 failed';
    expect(decideGated({ ...passAt30, gates: ['closed', { problem }] })).toEqual({
      do: 'roll-back',
      cause: 'gate',
      reason: `the gate at 30%: ${problem}`,
    });
    const traffic = pausedAt(30, { since: NOW - 2 * HOUR });
    const late = observation({ traffic, verdict: PASS, gates: ['closed', 'open'] });
    expect(decide(late, { ...gated, onInconclusive: 'continue' })).toEqual({
      do: 'roll-back',
      cause: 'gate',
      reason: 'the gate at 30% did not open within 2h: an approval',
    });
  });
  test('are not asked again when ECS pauses twice at a step', () => {
    const paused = pausedAt(30, { since: NOW - 3 * HOUR });
    const pausedAgain = { ...paused, pause: { ...paused.pause, again: true } } as const;
    expect(decideGated({ traffic: pausedAgain })).toMatchObject({ do: 'advance' });
  });
  test('lengthen the time for evidence at their own step only', () => {
    const held = { gates: ['closed', 'open'], verdict: HOLD } as const;
    const since = NOW - 40 * MINUTE;
    expect(decideGated({ traffic: pausedAt(30, { since }), ...held })).toMatchObject({ do: 'wait' });
    expect(decideGated({ traffic: pausedAt(10, { since }), ...held })).toMatchObject({ cause: 'deadline' });
  });
});
