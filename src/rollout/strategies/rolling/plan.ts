import type { PlanTime } from '../../../core/plan/plan-time.ts';
import type { RolloutRequest } from '../../../core/request.ts';
import type { Milliseconds } from '../../../core/time/clock.ts';

/** The plan for a rolling update: the only step is 100%, and the old revision is not kept. */
export function rollingPlan(plan: RolloutRequest): RolloutRequest {
  return { ...plan, steps: [100], keepOld: 0 };
}

/**
 * How long the new revision is watched after the last old task has stopped: at least one period
 * after the warm-up, plus the delay until the metrics of that time can be read.
 */
export function lastBake({ bakeTime, judging }: Pick<RolloutRequest, 'bakeTime' | 'judging'>): Milliseconds {
  const { warmUp, metricPeriod, metricDelay } = judging;
  return Math.max(bakeTime, warmUp + metricPeriod) + metricDelay;
}

/** ECS replaces the tasks as fast as they start. The last bake time follows. */
export function rollingTime(plan: RolloutRequest): PlanTime {
  const { onConflict, conflictTimeout, stepTimeout } = plan;
  const bake = lastBake(plan);
  return { least: bake, longest: (onConflict === 'wait' ? conflictTimeout : 0) + stepTimeout + bake };
}
