import { inUnits } from '../../core/time/duration.ts';
import type { RolloutRequest } from '../../core/request.ts';
import type { Shortage } from '../health/shortage.ts';
import { decideRollback, decideWait, type Decision, type Observation } from '../observation.ts';

/** The wait for room in the cluster, which has its own limit. `null` when nothing waits for room. */
export function awaitRoom(seen: Observation, plan: RolloutRequest): Decision | null {
  const shortage = openShortage(seen);
  if (shortage === null) return null;
  return decideWait(
    `room for the new tasks (${running(seen)}; ECS ${shortage.said})`,
    shortage.since + plan.capacityTimeout,
    'the rollout ends without a verdict about the release',
  );
}

/** Ends a rollout that found no room in time. The release has not been tried, so it is not blamed. */
export function noRoom(seen: Observation, plan: RolloutRequest): Decision | null {
  const shortage = openShortage(seen);
  if (shortage === null || seen.now < shortage.since + plan.capacityTimeout) return null;
  const blame =
    seen.traffic.percent === 0 ? 'the release was not tried' : 'this is not the fault of the release';
  return decideRollback(
    'capacity',
    `${blame}: ECS found no room for the new tasks within ${inUnits(plan.capacityTimeout)} (${running(seen)}). ECS ${shortage.said}`,
  );
}

/**
 * When the last new task got its place, or was replaced after it had been taken: the time to start
 * counts from here.
 */
export function placedAt({ now, shortage, interruptions, traffic }: Observation): number {
  const replaced = interruptions.filter(({ arm }) => arm === 'canary').map(({ until }) => until ?? now);
  return Math.max(traffic.startedAt, shortage?.until ?? 0, ...replaced);
}

/** How long tasks have waited for room so far, in milliseconds. */
export function waitedForRoom({ now, shortage }: Observation): number {
  return shortage === null ? 0 : (shortage.until ?? now) - shortage.since;
}

/** The shortage for which new tasks wait now; `null` when none do. */
export function openShortage({ shortage, traffic }: Observation): Shortage | null {
  const startsTasks = traffic.phase === 'starting' || traffic.share === 'tasks';
  return startsTasks && shortage?.until === null ? shortage : null;
}

function running({ health: { canary } }: Observation): string {
  return `${canary.running} of ${canary.desired} are running`;
}
