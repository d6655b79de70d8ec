import type { RolloutRequest } from '../../../core/request.ts';

/** With as many new tasks as old ones, each of which takes its work itself. */
export const SIDE_BY_SIDE_PERCENT = 50;

/**
 * The plan of a service whose tasks take their work themselves: one step. ECS starts all new tasks beside all old ones, and there is no
 * other share; nor are the old ones kept at 100%, where they would go on taking work. `100` alone asks for no canary here too.
 */
export function sideBySide(plan: RolloutRequest): RolloutRequest {
  return { ...plan, steps: plan.steps.length === 1 ? plan.steps : [SIDE_BY_SIDE_PERCENT, 100], keepOld: 0 };
}
