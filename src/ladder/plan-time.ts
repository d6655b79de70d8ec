import type { RolloutRequest } from '../inputs/request.ts';
import type { Milliseconds } from '../time/clock.ts';

/** How long a rollout takes from its start until the job ends. */
export interface PlanTime {
  /** No rollout by this plan can end as `deployed` in less. */
  readonly least: Milliseconds;
  /** Every limit used up, somebody else's deployment included. ECS's own shifting and draining come on top. */
  readonly longest: Milliseconds;
}

/** What the plan says of its own length; nothing is known yet of the service or its traffic. */
export function planTime(plan: RolloutRequest): PlanTime {
  const { steps, bakeTime, stepTimeout, keepOld, onConflict, conflictTimeout, startTimeout } = plan;
  const belowAll = steps.filter((percent) => percent < 100).length;
  const later = Math.max(0, belowAll - 1) * bakeTime;
  const first = belowAll === 0 ? 0 : firstStep(plan);
  return {
    least: first + later + Math.min(keepOld, bakeTime),
    longest: (onConflict === 'wait' ? conflictTimeout : 0) + startTimeout + belowAll * stepTimeout + keepOld,
  };
}

/** Nothing passes before one period was judged: it comes after the warm-up, and its metrics late. */
function firstStep({ bakeTime, stepTimeout, onInconclusive, judging }: RolloutRequest): Milliseconds {
  const judged = judging.warmUp + judging.metricDelay;
  return Math.max(bakeTime, onInconclusive === 'continue' ? Math.min(judged, stepTimeout) : judged);
}
