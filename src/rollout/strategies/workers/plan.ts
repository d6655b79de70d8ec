import type { RolloutRequest } from '../../../core/request.ts';

/** The share of the work when there are as many new tasks as old ones. */
export const SIDE_BY_SIDE_PERCENT = 50;

/**
 * The plan of a service whose tasks fetch their work. It has one step, because ECS starts all new
 * tasks beside all old ones and no other share is possible. The old tasks are not kept at 100%,
 * because they would continue to take work. `100` alone means no canary, as in other plans.
 */
export function sideBySide(plan: RolloutRequest): RolloutRequest {
  return { ...plan, steps: plan.steps.length === 1 ? plan.steps : [SIDE_BY_SIDE_PERCENT, 100], keepOld: 0 };
}
