import type { RolloutRequest } from '../inputs/request.ts';
import { inUnits } from '../inputs/kinds/duration.ts';
import { gateInWords, gatesAt, longestAt } from '../ladder/gates.ts';
import { isWantedStep } from '../ladder/ladder.ts';
import { MINUTE } from '../time/clock.ts';
import type { Question } from '../traffic/traffic.ts';
import type { ArmHealth } from '../trail/event.ts';
import { answerByTime, hasCounts } from './answer-by-time.ts';
import { finish, rollBack, wait, type Decision, type Observation } from './decision.ts';
import { SPLIT_WORDS } from './split-words.ts';
import { through } from './through.ts';

/** Reads may lag behind the end by some seconds; longer than this it is not so. */
const VERIFYING_PATIENCE = 2 * MINUTE;

/** With less left of the session, a rollback could not be seen to its end: ECS's draining takes five minutes by default. */
const TIME_TO_ROLL_BACK = 6 * MINUTE;

/** A weight that the listener rule does not show after this long was changed by somebody else. */
const WEIGHT_PATIENCE = MINUTE;

/**
 * The one decision of the rollout, pure: same observation, same decision. The order of the questions is the order of
 * importance: what has ended, what must be undone, what must be waited for, and only then whether to go on.
 */
export function decide(seen: Observation, plan: RolloutRequest): Decision {
  return ended(seen) ?? overtaken(seen) ?? undoing(seen) ?? danger(seen, plan) ?? progress(seen, plan);
}

/** What has ended is believed only when the listener rule and the targets show it. */
function ended(seen: Observation): Decision | null {
  const { traffic, health, rollback } = seen;
  switch (traffic.phase) {
    case 'done':
      if (rollback !== null) {
        return finish(
          'dirty',
          `ECS finished the deployment though a rollback was asked for (${rollback.reason})`,
        );
      }
      return verified(seen, 100, health.canary, {
        outcome: 'deployed',
        reason:
          traffic.split === 'tasks'
            ? "all of the service's tasks are of the new revision"
            : 'all production traffic is on the new revision and the old one is gone',
      });
    case 'rolled-back':
      return verified(seen, 0, health.stable, {
        outcome: 'rolled-back',
        reason: rollback?.reason ?? `ECS rolled back by itself: ${traffic.reason ?? traffic.stage}`,
      });
    case 'failed':
      return finish(
        'dirty',
        `ECS could not finish: ${traffic.reason ?? traffic.stage}. Look at ${traffic.split === 'tasks' ? '' : "the listener rule's weights and "}the service's tasks`,
      );
    default:
      return null;
  }
}

function verified(
  { now, traffic, endedSince }: Observation,
  percent: number,
  { desired, healthyTargets }: ArmHealth,
  end: { readonly outcome: 'deployed' | 'rolled-back'; readonly reason: string },
): Decision {
  const weightsAreRight = traffic.verifiedPercent === null || traffic.verifiedPercent === percent;
  const { target, shownBy, sends } = SPLIT_WORDS[traffic.split];
  // Auto scaling takes workers to none and back.
  const serves = healthyTargets > 0 || (traffic.split === 'tasks' && desired === 0);
  if (weightsAreRight && serves) return finish(end.outcome, end.reason);
  const until = (endedSince ?? now) + VERIFYING_PATIENCE;
  if (now < until) return wait(`${shownBy} to show the end`, until, 'this job says `dirty`');
  return finish(
    'dirty',
    weightsAreRight
      ? `ECS says ${traffic.stage}, but no ${target} that takes the ${traffic.split === 'tasks' ? 'work' : 'traffic'} is healthy (${end.reason})`
      : `ECS says ${traffic.stage}, but ${sends(traffic.verifiedPercent)} instead of ${percent}% (${end.reason})`,
  );
}

/** Two never act on one service: who has lost it only tells. */
function overtaken({ takenBy, traffic }: Observation): Decision | null {
  if (takenBy === null) return null;
  return finish(
    'dirty',
    `this run was cut off for some time and another one has taken the service over: ${takenBy}. It says how the rollout ends; last seen here: ${traffic.percent}% of ${SPLIT_WORDS[traffic.split].share} on the new revision (${traffic.stage})`,
  );
}

/** Once a rollback is under way nothing else counts. */
function undoing(seen: Observation): Decision | null {
  const { now, traffic, rollback, rollbackPatience } = seen;
  if (traffic.phase !== 'rolling-back' && rollback === null) return null;
  const since = rollback?.at ?? now;
  if (now - since > rollbackPatience) return outOfPatience(seen, since);
  // Asked for but not shown: the request may have been lost. Asking again is harmless.
  if (rollback !== null && traffic.phase !== 'rolling-back') {
    return { do: 'roll-back', cause: 'problem', reason: rollback.reason };
  }
  return wait(
    `ECS to finish the rollback (${traffic.stage})`,
    since + rollbackPatience,
    'this job says `dirty`',
  );
}

/** What counts is production: it may be back long before ECS has drained and removed the last new task. */
function outOfPatience({ now, traffic, health, rollback }: Observation, since: number): Decision {
  const share = traffic.verifiedPercent;
  if (traffic.phase === 'rolling-back' && share === 0 && health.stable.healthyTargets > 0) {
    return finish(
      'rolled-back',
      `${rollback?.reason}. All production traffic is back on the old revision; ECS is still removing the new one (${traffic.stage})`,
    );
  }
  return finish(
    'dirty',
    `${SPLIT_WORDS[traffic.split].sends(share)}, and ${health.stable.healthyTargets} ${SPLIT_WORDS[traffic.split].target}s of the old one are healthy: ECS had not confirmed the rollback ${Math.round((now - since) / MINUTE)} minutes after it was asked for (${rollback?.reason}). It says ${traffic.stage}`,
  );
}

/** Everything that ends in a rollback, whatever the step. */
function danger(seen: Observation, plan: RolloutRequest): Decision | null {
  const { now, traffic, verdict } = seen;
  if (traffic.phase === 'settling') return null;
  if (seen.ownMistake !== null)
    return rollBack('problem', `a mistake of ecs-ramp itself: ${seen.ownMistake}`);
  if (seen.cancelled !== null && plan.onCancel === 'rollback') {
    return rollBack('cancel', `the job was cancelled (${seen.cancelled})`);
  }
  if (seen.cancelled !== null) {
    return finish(
      'dirty',
      `the job was cancelled (${seen.cancelled}) and on-cancel says to leave things: ${traffic.percent}% of ${SPLIT_WORDS[traffic.split].share} is on the new revision, and ECS rolls back by itself${traffic.question ? ` at ${new Date(traffic.question.until).toISOString()}` : ' at its next pause'} unless this job is run again`,
    );
  }
  if (seen.sickness !== null) return rollBack('health', seen.sickness);
  if (seen.alarm !== null) return rollBack('alarm', seen.alarm);
  if (verdict?.verdict === 'rollback' && traffic.percent > 0) return rollBack('judge', verdict.because);
  if (typeof seen.smoke === 'object') return rollBack('smoke-test', seen.smoke.problem);
  const shut = shutGate(seen, plan);
  if (shut !== null) return rollBack('gate', shut);
  if (sessionEndsSoon(seen)) {
    return rollBack(
      'problem',
      `the session of the credentials ends at ${new Date(seen.credentialsUntil!).toISOString()}, too soon to go on: afterwards nobody could judge or roll back (role-to-assume renews it)`,
    );
  }
  if (traffic.phase === 'starting' && now - traffic.startedAt > plan.startTimeout) {
    return rollBack(
      'start',
      `the new revision was not healthy within ${Math.round(plan.startTimeout / 1000)} seconds: ` +
        `${seen.health.canary.running} of ${seen.health.canary.desired} tasks run, ${seen.health.canary.healthyTargets} ${SPLIT_WORDS[traffic.split].target}s are healthy`,
    );
  }
  return null;
}

/** A gate that never opens, in words: it said no, or its time is up. */
function shutGate({ now, traffic, gates }: Observation, plan: RolloutRequest): string | null {
  const { question, percent } = traffic;
  if (question === null || question.again) return null;
  for (const [index, gate] of gatesAt(plan, percent).entries()) {
    const state = gates[index] ?? 'closed';
    if (state === 'open') continue;
    if (state !== 'closed') return `the gate at ${percent}%: ${state.problem}`;
    if (now >= question.since + gate.within) {
      return `the gate at ${percent}% did not open within ${inUnits(gate.within)}: ${gateInWords(gate)}`;
    }
  }
  return null;
}

/** With all traffic on the new revision there is no step left to judge. */
function sessionEndsSoon({ now, traffic, credentialsUntil }: Observation): boolean {
  return (
    credentialsUntil !== null && traffic.phase !== 'soaking' && now >= credentialsUntil - TIME_TO_ROLL_BACK
  );
}

function progress(seen: Observation, plan: RolloutRequest): Decision {
  const { traffic, health } = seen;
  switch (traffic.phase) {
    case 'starting':
      return wait(
        `the new revision to start (${health.canary.running} of ${health.canary.desired} tasks run, ${health.canary.healthyTargets} healthy; ECS: ${traffic.stage})`,
        traffic.startedAt + plan.startTimeout,
        'it is rolled back',
      );
    case 'asking':
      return answer(seen, plan, traffic.question!);
    case 'soaking':
      return soak(seen, plan);
    case 'settling':
      return wait('ECS to drain and remove the old revision', null, null);
    default:
      return wait(
        `ECS to ${traffic.split === 'tasks' ? 'go on' : 'shift traffic'} (${traffic.stage})`,
        null,
        null,
      );
  }
}

/** ECS is paused and asks: on to the next step? Where the traffic is, ECS's account and the listener rule must agree: either may lag. */
function answer(seen: Observation, plan: RolloutRequest, question: Question): Decision {
  const { now, traffic } = seen;
  const { percent, verifiedPercent } = traffic;
  if (verifiedPercent !== null && Math.abs(verifiedPercent - percent) > 0.05) {
    const until = question.since + WEIGHT_PATIENCE;
    if (now <= until) return wait(`the listener rule to show ${percent}%`, until, 'it is rolled back');
    return rollBack(
      'problem',
      `the listener rule sends ${verifiedPercent}% to the new revision where ECS says ${percent}%: somebody else changed its weights`,
    );
  }
  if (percent === 0) return firstAnswer(seen, plan, question);
  if (seen.health.canary.healthyTargets === 0) return awaitTarget(seen, plan, question);
  if (question.again || !isWantedStep(plan.steps, percent)) return { do: 'advance', question, because: null };
  return hasCounts(traffic, plan) ? stepAnswer(seen, plan, question) : answerByTime(seen, plan, question);
}

/** At a step that the user wants to stay at: on evidence only. */
function stepAnswer(seen: Observation, plan: RolloutRequest, question: Question): Decision {
  const { now, traffic, verdict } = seen;
  const baked = question.since + plan.bakeTime;
  const deadline = question.since + longestAt(plan, traffic.percent);
  if (verdict?.verdict === 'pass' && now >= baked) return through(seen, plan, verdict.because);
  if (now >= deadline) {
    const missing = `no verdict at ${traffic.percent}% within the step's time: ${verdict?.because ?? 'no metrics could be read'}`;
    return plan.onInconclusive === 'continue'
      ? through(seen, plan, `${missing}; going on, as on-inconclusive says`)
      : rollBack('deadline', missing);
  }
  if (verdict?.verdict === 'pass') return wait(`the bake at ${traffic.percent}%`, baked, 'the next step');
  return wait(
    `evidence at ${traffic.percent}%`,
    deadline,
    plan.onInconclusive === 'continue' ? 'the next step' : 'it is rolled back',
  );
}

/** Before any production traffic: only what was tested goes on. */
function firstAnswer(seen: Observation, plan: RolloutRequest, question: Question): Decision {
  const { health } = seen;
  if (seen.smoke === 'to do') return { do: 'smoke-test' };
  if (health.canary.healthyTargets === 0) return awaitTarget(seen, plan, question);
  return through(
    seen,
    plan,
    seen.smoke === 'passed'
      ? 'the smoke tests passed and the targets are healthy'
      : 'the targets are healthy',
  );
}

/** Traffic never goes where nobody could answer it. */
function awaitTarget({ now, traffic }: Observation, plan: RolloutRequest, question: Question): Decision {
  const deadline = question.since + longestAt(plan, traffic.percent);
  const { target } = SPLIT_WORDS[traffic.split];
  return now >= deadline
    ? rollBack(traffic.percent === 0 ? 'start' : 'health', `the new revision has no healthy ${target}`)
    : wait(`a healthy ${target} of the new revision`, deadline, 'it is rolled back');
}

/** 100%, and the old revision is still hot: one bake more in which a rollback takes one call. */
function soak(seen: Observation, plan: RolloutRequest): Decision {
  const { now, traffic } = seen;
  if (plan.keepOld === 0) return wait('ECS to remove the old revision', null, null);
  if (traffic.verifiedPercent !== null && traffic.verifiedPercent !== 100) {
    return wait('the listener rule to show 100%', traffic.oldRevisionUntil, 'ECS ends the deployment');
  }
  const end = traffic.oldRevisionUntil ?? now;
  const watched = end - Math.max(0, plan.keepOld - plan.bakeTime);
  if (seen.stayToTheEnd) return wait('ECS to end the deployment', end, null);
  if (now >= watched) return finish('deployed', 'all production traffic is on the new revision');
  return wait('the last bake, at 100%', watched, 'done');
}
