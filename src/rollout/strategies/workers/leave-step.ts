import { inUnits } from '../../../core/time/duration.ts';
import type { RolloutRequest } from '../../../core/request.ts';
import { SUSPICIOUS } from '../../../judge/decision.ts';
import { longestAt } from '../../../core/plan/gates.ts';
import { SECOND } from '../../../core/time/clock.ts';
import type { Pause } from '../../traffic/traffic-mover.ts';
import { decideRollback, decideWait, type Decision, type Observation } from '../../observation.ts';
import { passStep } from '../../decide/pass-step.ts';

/** Nobody counts what fails but the user's own metrics, where they do. */
export function leaveStep(seen: Observation, plan: RolloutRequest, pause: Pause): Decision | null {
  return plan.metrics.some(({ kind }) => kind === 'counts') ? null : leaveByTime(seen, plan, pause);
}

/** Nothing counts what fails: that no task has crashed, and that no reading is over its limit, is all there is to see in the bake. */
function leaveByTime(seen: Observation, plan: RolloutRequest, pause: Pause): Decision {
  const { now, traffic, verdict, measured, crashes } = seen;
  const baked = pause.since + plan.bakeTime;
  const deadline = pause.since + longestAt(plan, traffic.percent);
  const newest = verdict?.evidence.at(-1);
  const isRead = plan.metrics.length === 0 || (measured && newest?.judged === true);
  const isSuspicious = (newest?.total ?? 1) >= SUSPICIOUS;
  if (now < baked) return decideWait(`the bake at ${traffic.percent}%`, baked, 'the next step');
  if (crashes === 0 && isRead && !isSuspicious) {
    const time = inUnits(Math.floor((now - pause.since) / SECOND) * SECOND);
    const readings = plan.metrics.length === 0 ? '' : ', and no reading is over its limit';
    return passStep(
      seen,
      plan,
      `its tasks ran for ${time} and none stopped by itself${readings}; no metrics count what fails`,
    );
  }
  const goesOn = plan.onInconclusive === 'continue' && crashes === 0;
  if (now < deadline) {
    return decideWait(
      `evidence at ${traffic.percent}%`,
      deadline,
      goesOn ? 'the next step' : 'it is rolled back',
    );
  }
  const why =
    crashes > 0
      ? `${crashes} of the new version's tasks stopped by themselves`
      : (verdict?.because ?? 'no metrics could be read');
  const missing = `no verdict at ${traffic.percent}% within the step's time: ${why}`;
  return goesOn
    ? passStep(seen, plan, `${missing}; going on, as on-inconclusive says`)
    : decideRollback('deadline', missing);
}
