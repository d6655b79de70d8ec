import type { RolloutRequest } from '../../../core/request.ts';
import { inUnits } from '../../../core/time/duration.ts';
import { lastBake } from './plan.ts';
import { decideRollback, decideWait, type Decision, type Observation } from '../../observation.ts';
import { verified } from '../../decide/ended.ts';
import { waitedForRoom } from '../../decide/room.ts';

/**
 * Decides whether a rolling update takes too long and, after it has ended, whether the job can end.
 */
export function decideRolling(seen: Observation, plan: RolloutRequest): Decision | null {
  return overdue(seen, plan) ?? (seen.traffic.phase === 'baking' ? bake(seen, plan) : null);
}

/**
 * Every task is new, and the tasks are watched for one more bake time. From now on a rollback
 * requires another deployment, but it is still possible.
 */
function bake(seen: Observation, plan: RolloutRequest): Decision {
  const { now, traffic, health, words } = seen;
  const end = (traffic.completedAt ?? now) + lastBake(plan);
  if (now < end) return decideWait('the last bake time, with new tasks only, to pass', end, 'the job ends');
  return verified({ ...seen, endedSince: end }, 100, health.canary, {
    outcome: 'deployed',
    reason: words.allIsNew,
  });
}

/**
 * Rolls back an update that takes too long: ECS would retry for hours. Waiting for room has its own
 * limit. `null` when time is left or the update is not in progress.
 */
function overdue(seen: Observation, { stepTimeout }: RolloutRequest): Decision | null {
  const { now, traffic } = seen;
  const { phase, startedAt, canary, stable } = traffic;
  if (phase !== 'starting' && phase !== 'moving') return null;
  if (now - startedAt - waitedForRoom(seen) <= stepTimeout) return null;
  return decideRollback(
    'deadline',
    `the rolling update was not complete within ${inUnits(stepTimeout)}: ${canary.running} new and ${stable.running} old tasks are running`,
  );
}
