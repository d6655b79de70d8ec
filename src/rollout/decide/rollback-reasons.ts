import { inUnits } from '../../core/time/duration.ts';
import type { RolloutRequest } from '../../core/request.ts';
import { gateInWords, gatesAt } from '../../core/plan/gates.ts';
import { MINUTE } from '../../core/time/clock.ts';
import type { Phase } from '../traffic/traffic-mover.ts';
import { decideEnd, decideRollback, type Decision, type Observation } from '../observation.ts';

/** With less left of the session, a rollback could not be seen to its end: ECS's draining takes five minutes by default. */
const TIME_TO_ROLL_BACK = 6 * MINUTE;

/** Everything that ends in a rollback, whatever the step. */
export function rollbackReason(seen: Observation, plan: RolloutRequest): Decision | null {
  const { now, traffic, verdict, words } = seen;
  if (traffic.phase === 'cleaning-up') return null;
  if (seen.ownMistake !== null)
    return decideRollback('problem', `a mistake of ecs-ramp itself: ${seen.ownMistake}`);
  if (seen.cancelled !== null && plan.onCancel === 'rollback') {
    return decideRollback('cancel', `the job was cancelled (${seen.cancelled})`);
  }
  if (seen.cancelled !== null) {
    return decideEnd(
      'dirty',
      `the job was cancelled (${seen.cancelled}) and on-cancel says to leave things: ${traffic.percent}% of ${words.share} is on the new revision, and ${words.unattended(traffic.pause)}`,
    );
  }
  if (seen.unhealthy !== null) return decideRollback('health', seen.unhealthy);
  if (seen.alarm !== null) return decideRollback('alarm', seen.alarm);
  if (verdict?.verdict === 'rollback' && traffic.percent > 0) return decideRollback('judge', verdict.because);
  if (typeof seen.smoke === 'object') return decideRollback('smoke-test', seen.smoke.problem);
  const shut = shutGate(seen, plan);
  if (shut !== null) return decideRollback('gate', shut);
  if (sessionEndsSoon(seen)) {
    return decideRollback(
      'problem',
      `the session of the credentials ends at ${new Date(seen.credentialsUntil!).toISOString()}, too soon to go on: afterwards nobody could judge or roll back (role-to-assume renews it)`,
    );
  }
  if (traffic.phase === 'starting' && now - traffic.startedAt > plan.startTimeout) {
    return decideRollback(
      'start',
      `the new revision was not healthy within ${Math.round(plan.startTimeout / 1000)} seconds: ` +
        `${seen.health.canary.running} of ${seen.health.canary.desired} tasks run, ${seen.health.canary.healthyTargets} ${words.target}s are healthy`,
    );
  }
  return null;
}

/** A gate that never opens, in words: it said no, or its time is up. */
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

/** There is no step left to judge. */
const ALL_ON_NEW: ReadonlySet<Phase> = new Set(['keeping-old', 'baking']);

function sessionEndsSoon({ now, traffic, credentialsUntil }: Observation): boolean {
  return (
    credentialsUntil !== null && !ALL_ON_NEW.has(traffic.phase) && now >= credentialsUntil - TIME_TO_ROLL_BACK
  );
}
