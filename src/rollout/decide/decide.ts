import { quantity } from '../../core/quantity.ts';
import type { RolloutRequest } from '../../core/request.ts';
import { longestAt } from '../../core/plan/gates.ts';
import { isWantedStep } from '../../core/plan/ecs-steps.ts';
import { MINUTE } from '../../core/time/clock.ts';
import { checkInWords } from '../health/unhealthy.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { Pause } from '../traffic/traffic-mover.ts';
import { rollbackReason } from './rollback-reasons.ts';
import { decideEnd, decideRollback, decideWait, type Decision, type Observation } from '../observation.ts';
import { ended } from './ended.ts';
import { passStep } from './pass-step.ts';
import { rollingBack } from './rolling-back.ts';
import { allTakenAt100, awaitReplacement, interruptedFor, interruptedStep, shelter } from './interrupted.ts';
import { awaitRoom, placedAt } from './room.ts';
import { keepOld } from './keep-old.ts';

/** A weight that the listener rule does not show within this time was changed by somebody else. */
const WEIGHT_PATIENCE = MINUTE;

/** The decisions that a strategy can make itself. */
type Hooks = Pick<Strategy, 'decide' | 'leaveStep'>;

/**
 * Makes the decision for one observation. Pure: the same observation gives the same decision. The
 * checks are in order of importance: whether the rollout has ended, must be rolled back, or must
 * wait, and only then whether to continue.
 */
export function decide(seen: Observation, plan: RolloutRequest, strategy: Hooks): Decision {
  return (
    ended(seen) ??
    overtaken(seen) ??
    rollingBack(seen) ??
    rollbackReason(seen, plan) ??
    strategy.decide?.(seen, plan) ??
    progress(seen, plan, strategy)
  );
}

/** Two runs never act on one service: the run that lost the service only reports. */
function overtaken({ takenBy, traffic, words }: Observation): Decision | null {
  if (takenBy === null) return null;
  return decideEnd(
    'dirty',
    `this run was cut off for some time and another run took over the service: ${takenBy}. That run reports how the rollout ends; this run last saw ${traffic.percent}% of ${words.share} on the new revision (${traffic.stage})`,
  );
}

function progress(seen: Observation, plan: RolloutRequest, strategy: Hooks): Decision {
  const { traffic, health, words } = seen;
  const room = awaitRoom(seen, plan);
  if (room !== null) return room;
  switch (traffic.phase) {
    case 'starting':
      return decideWait(
        `the new revision to start (${health.canary.running} of ${quantity(health.canary.desired, 'task')} running, ${health.canary.healthyTargets} healthy; ECS: ${traffic.stage}${checkInWords(seen.failedCheck)})`,
        placedAt(seen) + plan.startTimeout,
        'the rollout is rolled back',
      );
    case 'paused':
      return answer(seen, plan, traffic.pause!, strategy);
    case 'keeping-old':
      return allTakenAt100(seen) ?? keepOld(seen, plan);
    case 'cleaning-up':
      return decideWait('ECS to drain and remove the old revision', null, null);
    default:
      return decideWait(`ECS to ${words.moves} (${traffic.stage})`, null, null);
  }
}

/**
 * ECS is paused and waits for an answer. The share that ECS reports and the share on the listener
 * rule must agree. Either may be late.
 */
function answer(seen: Observation, plan: RolloutRequest, pause: Pause, strategy: Hooks): Decision {
  const { now, traffic } = seen;
  const { percent, verifiedPercent } = traffic;
  const sheltered = shelter(seen, plan);
  if (sheltered !== null) return sheltered;
  if (verifiedPercent !== null && Math.abs(verifiedPercent - percent) > 0.05) {
    const until = Math.max(pause.since, seen.shelter.changedAt) + WEIGHT_PATIENCE;
    if (now <= until)
      return decideWait(`the listener rule to show ${percent}%`, until, 'the rollout is rolled back');
    return decideRollback(
      'problem',
      `the listener rule sends ${verifiedPercent}% to the new revision, but ECS reports ${percent}%: somebody else changed the weights of the rule`,
    );
  }
  // ECS would move traffic to a revision that lacks tasks.
  const replacing = awaitReplacement(seen, plan);
  if (replacing !== null) return replacing;
  if (percent === 0) return firstAnswer(seen, plan, pause);
  if (seen.health.canary.healthyTargets === 0) return awaitTarget(seen, plan, pause);
  if (pause.again || !isWantedStep(plan.steps, percent)) return { do: 'advance', pause, because: null };
  return strategy.leaveStep?.(seen, plan, pause) ?? stepAnswer(seen, plan, pause);
}

/** At a step of the plan, the rollout continues only on evidence. */
function stepAnswer(seen: Observation, plan: RolloutRequest, pause: Pause): Decision {
  const { now, traffic, verdict } = seen;
  const baked = pause.since + plan.bakeTime + interruptedFor(seen, pause.since);
  const deadline = pause.since + longestAt(plan, traffic.percent);
  if (verdict?.verdict === 'pass' && now >= baked) return passStep(seen, plan, verdict.because);
  if (now >= deadline) {
    const interrupted = plan.onInconclusive === 'rollback' ? interruptedStep(seen, pause.since) : null;
    if (interrupted !== null) return interrupted;
    const missing = `no verdict at ${traffic.percent}% within the time limit of the step: ${verdict?.because ?? 'no metrics could be read'}`;
    return plan.onInconclusive === 'continue'
      ? passStep(seen, plan, `${missing}; the rollout continues because on-inconclusive is continue`)
      : decideRollback('deadline', missing);
  }
  if (verdict?.verdict === 'pass')
    return decideWait(`the bake time at ${traffic.percent}% to pass`, baked, 'the next step');
  return decideWait(
    `enough evidence at ${traffic.percent}%`,
    deadline,
    plan.onInconclusive === 'continue' ? 'the next step' : 'the rollout is rolled back',
  );
}

/** Before any production traffic, the smoke tests must pass and a target must be healthy. */
function firstAnswer(seen: Observation, plan: RolloutRequest, pause: Pause): Decision {
  const { health } = seen;
  if (seen.smoke === 'to do') return { do: 'smoke-test' };
  if (health.canary.healthyTargets === 0) return awaitTarget(seen, plan, pause);
  return passStep(
    seen,
    plan,
    seen.smoke === 'passed'
      ? 'the smoke tests passed and the targets are healthy'
      : 'the targets are healthy',
  );
}

/** Traffic never goes to a revision without a healthy target. */
function awaitTarget(
  { now, traffic, words, failedCheck }: Observation,
  plan: RolloutRequest,
  pause: Pause,
): Decision {
  const deadline = pause.since + longestAt(plan, traffic.percent);
  const { target } = words;
  return now >= deadline
    ? decideRollback(
        traffic.percent === 0 ? 'start' : 'health',
        `the new revision has no healthy ${target}${checkInWords(failedCheck)}`,
      )
    : decideWait(
        `a healthy ${target} of the new revision${failedCheck === null ? '' : ` (${failedCheck})`}`,
        deadline,
        'the rollout is rolled back',
      );
}
