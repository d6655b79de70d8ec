import type { RolloutRequest } from '../../../core/request.ts';
import { inUnits } from '../../../core/time/duration.ts';
import { lastBake } from '../../../core/plan/rolling.ts';
import { rollBack, wait, type Decision, type Observation } from '../../observation.ts';
import { verified } from '../../decide/ended.ts';
import { SPLIT_WORDS } from '../words.ts';

/** Every task is a new one. What they do is watched once more: a rollback is another deployment from now on, but still one. */
export function bake(seen: Observation, plan: RolloutRequest): Decision {
  const { now, traffic, health } = seen;
  const end = (traffic.completedAt ?? now) + lastBake(plan);
  if (now < end) return wait('the last bake, with new tasks only', end, 'done');
  const { allIsNew } = SPLIT_WORDS[traffic.split];
  return verified({ ...seen, endedSince: end }, 100, health.canary, {
    outcome: 'deployed',
    reason: allIsNew,
  });
}

/** ECS would go on trying for hours. Null: it has time left, or is not on its way. */
export function overdue({ now, traffic }: Observation, { stepTimeout }: RolloutRequest): Decision | null {
  const { split, phase, startedAt, canary, stable } = traffic;
  if (split !== 'rolling' || (phase !== 'starting' && phase !== 'moving')) return null;
  if (now - startedAt <= stepTimeout) return null;
  return rollBack(
    'deadline',
    `the rolling update was not complete within ${inUnits(stepTimeout)}: ${canary.running} new tasks run, and ${stable.running} old ones still do`,
  );
}
