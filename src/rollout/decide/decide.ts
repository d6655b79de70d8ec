import type { RolloutRequest } from '../../core/request.ts';
import { longestAt } from '../../core/plan/gates.ts';
import { isWantedStep } from '../../core/plan/ladder.ts';
import { MINUTE } from '../../core/time/clock.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { Pause } from '../traffic/traffic-mover.ts';
import { rollbackReason } from './rollback-reasons.ts';
import { decideEnd, decideRollback, decideWait, type Decision, type Observation } from '../observation.ts';
import { ended } from './ended.ts';
import { passStep } from './pass-step.ts';
import { rollingBack } from './rolling-back.ts';

/** A weight that the listener rule does not show after this long was changed by somebody else. */
const WEIGHT_PATIENCE = MINUTE;

/** Where the strategy decides itself. */
type Hooks = Pick<Strategy, 'decide' | 'leaveStep'>;

/**
 * The one decision of the rollout, pure: same observation, same decision. The order of the questions is the order of
 * importance: what has ended, what must be undone, what must be waited for, and only then whether to go on.
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

/** Two never act on one service: who has lost it only tells. */
function overtaken({ takenBy, traffic, words }: Observation): Decision | null {
  if (takenBy === null) return null;
  return decideEnd(
    'dirty',
    `this run was cut off for some time and another one has taken the service over: ${takenBy}. It says how the rollout ends; last seen here: ${traffic.percent}% of ${words.share} on the new revision (${traffic.stage})`,
  );
}

function progress(seen: Observation, plan: RolloutRequest, strategy: Hooks): Decision {
  const { traffic, health, words } = seen;
  switch (traffic.phase) {
    case 'starting':
      return decideWait(
        `the new revision to start (${health.canary.running} of ${health.canary.desired} tasks run, ${health.canary.healthyTargets} healthy; ECS: ${traffic.stage})`,
        traffic.startedAt + plan.startTimeout,
        'it is rolled back',
      );
    case 'paused':
      return answer(seen, plan, traffic.pause!, strategy);
    case 'keeping-old':
      return soak(seen, plan);
    case 'cleaning-up':
      return decideWait('ECS to drain and remove the old revision', null, null);
    default:
      return decideWait(`ECS to ${words.moves} (${traffic.stage})`, null, null);
  }
}

/** ECS is paused and asks: on to the next step? Where the traffic is, ECS's account and the listener rule must agree: either may lag. */
function answer(seen: Observation, plan: RolloutRequest, pause: Pause, strategy: Hooks): Decision {
  const { now, traffic } = seen;
  const { percent, verifiedPercent } = traffic;
  if (verifiedPercent !== null && Math.abs(verifiedPercent - percent) > 0.05) {
    const until = pause.since + WEIGHT_PATIENCE;
    if (now <= until) return decideWait(`the listener rule to show ${percent}%`, until, 'it is rolled back');
    return decideRollback(
      'problem',
      `the listener rule sends ${verifiedPercent}% to the new revision where ECS says ${percent}%: somebody else changed its weights`,
    );
  }
  if (percent === 0) return firstAnswer(seen, plan, pause);
  if (seen.health.canary.healthyTargets === 0) return awaitTarget(seen, plan, pause);
  if (pause.again || !isWantedStep(plan.steps, percent)) return { do: 'advance', pause, because: null };
  return strategy.leaveStep?.(seen, plan, pause) ?? stepAnswer(seen, plan, pause);
}

/** At a step that the user wants to stay at: on evidence only. */
function stepAnswer(seen: Observation, plan: RolloutRequest, pause: Pause): Decision {
  const { now, traffic, verdict } = seen;
  const baked = pause.since + plan.bakeTime;
  const deadline = pause.since + longestAt(plan, traffic.percent);
  if (verdict?.verdict === 'pass' && now >= baked) return passStep(seen, plan, verdict.because);
  if (now >= deadline) {
    const missing = `no verdict at ${traffic.percent}% within the step's time: ${verdict?.because ?? 'no metrics could be read'}`;
    return plan.onInconclusive === 'continue'
      ? passStep(seen, plan, `${missing}; going on, as on-inconclusive says`)
      : decideRollback('deadline', missing);
  }
  if (verdict?.verdict === 'pass')
    return decideWait(`the bake at ${traffic.percent}%`, baked, 'the next step');
  return decideWait(
    `evidence at ${traffic.percent}%`,
    deadline,
    plan.onInconclusive === 'continue' ? 'the next step' : 'it is rolled back',
  );
}

/** Before any production traffic: only what was tested goes on. */
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

/** Traffic never goes where nobody could answer it. */
function awaitTarget({ now, traffic, words }: Observation, plan: RolloutRequest, pause: Pause): Decision {
  const deadline = pause.since + longestAt(plan, traffic.percent);
  const { target } = words;
  return now >= deadline
    ? decideRollback(traffic.percent === 0 ? 'start' : 'health', `the new revision has no healthy ${target}`)
    : decideWait(`a healthy ${target} of the new revision`, deadline, 'it is rolled back');
}

/** 100%, and the old revision is still hot: one bake more in which a rollback takes one call. */
function soak(seen: Observation, plan: RolloutRequest): Decision {
  const { now, traffic } = seen;
  if (plan.keepOld === 0) return decideWait('ECS to remove the old revision', null, null);
  if (traffic.verifiedPercent !== null && traffic.verifiedPercent !== 100) {
    return decideWait('the listener rule to show 100%', traffic.oldRevisionUntil, 'ECS ends the deployment');
  }
  const end = traffic.oldRevisionUntil ?? now;
  const watched = end - Math.max(0, plan.keepOld - plan.bakeTime);
  if (seen.stayToTheEnd) return decideWait('ECS to end the deployment', end, null);
  if (now >= watched) return decideEnd('deployed', 'all production traffic is on the new revision');
  return decideWait('the last bake, at 100%', watched, 'done');
}
