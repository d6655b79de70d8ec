import type { PlanTime } from '../../../core/plan/plan-time.ts';
import type { RolloutRequest } from '../../../core/request.ts';
import type { Milliseconds } from '../../../core/time/clock.ts';

/**
 * The plan of a service that ECS updates in batches: there is no step to stop at, and no old revision to keep. What is left of a
 * ladder is its end.
 */
export function rollingPlan(plan: RolloutRequest): RolloutRequest {
  return { ...plan, steps: [100], keepOld: 0 };
}

/**
 * How long the new version is watched after the last old task has gone: for a period after the warm-up at least, and until what the
 * bake has shown can be read.
 */
export function lastBake({ bakeTime, judging }: Pick<RolloutRequest, 'bakeTime' | 'judging'>): Milliseconds {
  const { warmUp, metricPeriod, metricDelay } = judging;
  return Math.max(bakeTime, warmUp + metricPeriod) + metricDelay;
}

/** ECS replaces the tasks as fast as they start; then comes the last bake. */
export function rollingTime(plan: RolloutRequest): PlanTime {
  const { onConflict, conflictTimeout, stepTimeout } = plan;
  const bake = lastBake(plan);
  return { least: bake, longest: (onConflict === 'wait' ? conflictTimeout : 0) + stepTimeout + bake };
}
