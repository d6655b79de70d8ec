import { quantity } from '../../core/quantity.ts';
import { inUnits } from '../../core/time/duration.ts';
import type { RolloutRequest } from '../../core/request.ts';
import { gateInWords, gatesAt } from '../../core/plan/gates.ts';
import { MINUTE } from '../../core/time/clock.ts';
import { checkInWords } from '../health/unhealthy.ts';
import type { Phase } from '../traffic/traffic-mover.ts';
import { notReplaced } from './interrupted.ts';
import { noRoom, openShortage, placedAt } from './room.ts';
import { decideEnd, decideRollback, type Decision, type Observation } from '../observation.ts';

/**
 * When less of the session is left, a rollback cannot be followed to its end: draining takes ECS
 * five minutes by default.
 */
const TIME_TO_ROLL_BACK = 6 * MINUTE;

/** Everything that leads to a rollback at any step. */
export function rollbackReason(seen: Observation, plan: RolloutRequest): Decision | null {
  const { now, traffic, verdict, words } = seen;
  if (traffic.phase === 'cleaning-up') return null;
  if (seen.ownMistake !== null)
    return decideRollback('problem', `an internal error of ecs-ramp: ${seen.ownMistake}`);
  if (seen.cancelled !== null && plan.onCancel === 'rollback') {
    return decideRollback('cancel', `the job was cancelled (${seen.cancelled})`);
  }
  if (seen.cancelled !== null) {
    return decideEnd(
      'dirty',
      `the job was cancelled (${seen.cancelled}) and on-cancel is leave: the new revision has ${traffic.percent}% of ${words.share}, and ${words.unattended(traffic.pause)}`,
    );
  }
  if (seen.unhealthy !== null) return decideRollback('health', seen.unhealthy);
  if (seen.alarm !== null) return decideRollback('alarm', seen.alarm);
  if (verdict?.verdict === 'rollback' && traffic.percent > 0) return decideRollback('judge', verdict.because);
  if (typeof seen.smoke === 'object') return decideRollback(seen.smoke.cause, seen.smoke.problem);
  const shut = shutGate(seen, plan);
  if (shut !== null) return decideRollback('gate', shut);
  if (sessionEndsSoon(seen)) {
    return decideRollback(
      'problem',
      `the credentials expire at ${new Date(seen.credentialsUntil!).toISOString()}, too soon to continue: after that, this job can neither judge the new revision nor roll it back (with role-to-assume, the credentials are renewed)`,
    );
  }
  const full = noRoom(seen, plan) ?? notReplaced(seen, plan);
  if (full !== null) return full;
  if (
    traffic.phase === 'starting' &&
    openShortage(seen) === null &&
    now - placedAt(seen) > plan.startTimeout
  ) {
    return decideRollback(
      'start',
      `the new revision was not healthy within ${inUnits(plan.startTimeout)}: ` +
        `${seen.health.canary.running} of ${quantity(seen.health.canary.desired, 'task')} running, ${quantity(seen.health.canary.healthyTargets, `healthy ${words.target}`)}${checkInWords(seen.failedCheck)}`,
    );
  }
  return null;
}

/** Why a gate will never open: it failed, or its time is up. */
function shutGate({ now, traffic, gates }: Observation, plan: RolloutRequest): string | null {
  const { pause, percent } = traffic;
  if (pause === null || pause.again) return null;
  for (const [index, gate] of gatesAt(plan, percent).entries()) {
    const state = gates[index] ?? 'closed';
    if (state === 'open') continue;
    if (state !== 'closed') return `the gate at ${percent}%: ${state.problem}`;
    if (now >= pause.since + gate.within) {
      return `the gate at ${percent}% did not open within ${inUnits(gate.within)}: ${gateInWords(gate)}`;
    }
  }
  return null;
}

/** Phases in which no step is left to judge. */
const ALL_ON_NEW: ReadonlySet<Phase> = new Set(['keeping-old', 'baking']);

function sessionEndsSoon({ now, traffic, credentialsUntil }: Observation): boolean {
  return (
    credentialsUntil !== null && !ALL_ON_NEW.has(traffic.phase) && now >= credentialsUntil - TIME_TO_ROLL_BACK
  );
}
