import type { RolloutRequest } from '../../core/request.ts';
import { LONGEST_STAY } from '../../core/plan/plan-time.ts';
import type { Pause } from '../traffic/traffic-mover.ts';
import { awaitReplacement } from './interrupted.ts';
import { decideEnd, decideWait, type Decision, type Observation } from '../observation.ts';

/**
 * All traffic is on the new revision and the old one is kept. During one more bake time, the job
 * watches, and a rollback takes one call.
 */
export function keepOld(seen: Observation, plan: RolloutRequest): Decision {
  const { now, traffic } = seen;
  const { keep } = traffic;
  if (plan.keepOld === 0) {
    return keep ? endKeep(keep, 'keep-old is 0') : decideWait('ECS to remove the old revision', null, null);
  }
  if (traffic.verifiedPercent !== null && traffic.verifiedPercent !== 100) {
    return decideWait('the listener rule to show 100%', traffic.oldRevisionUntil, 'ECS ends the deployment');
  }
  const end = traffic.oldRevisionUntil ?? now;
  if (seen.stayToTheEnd) return stay(end, seen);
  const since = keep?.since ?? end - plan.keepOld;
  const watched = Math.min(end, since + plan.bakeTime);
  // The end would be reported as live while nobody serves.
  const replacing = seen.health.canary.healthyTargets === 0 ? awaitReplacement(seen, plan) : null;
  if (replacing !== null) return replacing;
  if (now >= watched) return decideEnd('deployed', 'all production traffic is on the new revision');
  return decideWait('the bake time at 100% to pass', watched, 'the job ends');
}

/**
 * ECS restores the service's own configuration only after the deployment: until then, the hooks of
 * the rollout are on the service, where another tool's deployment would meet them.
 */
function stay(end: number, { now, traffic: { keep } }: Observation): Decision {
  return keep && end - now > LONGEST_STAY
    ? endKeep(
        keep,
        "keep-old ends early, because ECS restores the service's own deployment configuration only after that",
      )
    : decideWait('ECS to end the deployment', end, null);
}

function endKeep(keep: Pause, because: string): Decision {
  return { do: 'end-keep', keep, because };
}
