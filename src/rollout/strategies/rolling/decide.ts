import type { RolloutRequest } from '../../../core/request.ts';
import { inUnits } from '../../../core/time/duration.ts';
import { lastBake } from './plan.ts';
import { decideRollback, decideWait, type Decision, type Observation } from '../../observation.ts';
import { verified } from '../../decide/ended.ts';

/** What a rolling update needs decided: that it takes too long, or, once it has ended, that it may be left alone. */
export function decideRolling(seen: Observation, plan: RolloutRequest): Decision | null {
  return overdue(seen, plan) ?? (seen.traffic.phase === 'baking' ? bake(seen, plan) : null);
}

/** Every task is a new one. What they do is watched once more: a rollback is another deployment from now on, but still one. */
function bake(seen: Observation, plan: RolloutRequest): Decision {
  const { now, traffic, health, words } = seen;
  const end = (traffic.completedAt ?? now) + lastBake(plan);
  if (now < end) return decideWait('the last bake, with new tasks only', end, 'done');
  return verified({ ...seen, endedSince: end }, 100, health.canary, {
    outcome: 'deployed',
    reason: words.allIsNew,
  });
}

/** ECS would go on trying for hours. Null: it has time left, or is not on its way. */
function overdue({ now, traffic }: Observation, { stepTimeout }: RolloutRequest): Decision | null {
  const { phase, startedAt, canary, stable } = traffic;
  if (phase !== 'starting' && phase !== 'moving') return null;
  if (now - startedAt <= stepTimeout) return null;
  return decideRollback(
    'deadline',
    `the rolling update was not complete within ${inUnits(stepTimeout)}: ${canary.running} new tasks run, and ${stable.running} old ones still do`,
  );
}
