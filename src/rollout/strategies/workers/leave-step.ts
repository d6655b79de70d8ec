import { inUnits } from '../../../core/time/duration.ts';
import type { RolloutRequest } from '../../../core/request.ts';
import { SUSPICIOUS } from '../../../judge/decision.ts';
import { longestAt } from '../../../core/plan/gates.ts';
import { SECOND } from '../../../core/time/clock.ts';
import type { Pause } from '../../traffic/traffic-mover.ts';
import { decideRollback, decideWait, type Decision, type Observation } from '../../observation.ts';
import { interruptedFor } from '../../decide/interrupted.ts';
import { passStep } from '../../decide/pass-step.ts';

/** Leaves the step by time when no metric of the user counts failures. */
export function leaveStep(seen: Observation, plan: RolloutRequest, pause: Pause): Decision | null {
  return plan.metrics.some(({ kind }) => kind === 'counts') ? null : leaveByTime(seen, plan, pause);
}

/**
 * Nothing counts failures, so a step passes when, during the bake time, no task crashed and no
 * reading was over its limit.
 */
function leaveByTime(seen: Observation, plan: RolloutRequest, pause: Pause): Decision {
  const { now, traffic, verdict, measured, crashes } = seen;
  const baked = pause.since + plan.bakeTime + interruptedFor(seen, pause.since);
  const deadline = pause.since + longestAt(plan, traffic.percent);
  const newest = verdict?.evidence.at(-1);
  const isRead = plan.metrics.length === 0 || (measured && newest?.judged === true);
  const isSuspicious = (newest?.total ?? 1) >= SUSPICIOUS;
  if (now < baked) return decideWait(`the bake time at ${traffic.percent}% to pass`, baked, 'the next step');
  if (crashes === 0 && isRead && !isSuspicious) {
    const time = inUnits(Math.floor((now - pause.since) / SECOND) * SECOND);
    const readings = plan.metrics.length === 0 ? '' : ', and no reading is over its limit';
    return passStep(
      seen,
      plan,
      `its tasks ran for ${time} and none failed${readings}; no metric counts failures`,
    );
  }
  const goesOn = plan.onInconclusive === 'continue' && crashes === 0;
  if (now < deadline) {
    return decideWait(
      `enough evidence at ${traffic.percent}%`,
      deadline,
      goesOn ? 'the next step' : 'the rollout is rolled back',
    );
  }
  const why =
    crashes > 0
      ? `${crashes} of the new revision's tasks failed`
      : (verdict?.because ?? 'no metrics could be read');
  const missing = `no verdict at ${traffic.percent}% within the time limit of the step: ${why}`;
  return goesOn
    ? passStep(seen, plan, `${missing}; the rollout continues because on-inconclusive is continue`)
    : decideRollback('deadline', missing);
}
