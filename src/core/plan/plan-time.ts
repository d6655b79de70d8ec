import type { RolloutRequest } from '../request.ts';
import { MINUTE, type Milliseconds } from '../time/clock.ts';
import { gatesAt, longestAt } from './gates.ts';

/** How long a rollout takes from its start until the job ends. */
export interface PlanTime {
  /** No rollout with this plan can end as `deployed` in less time. */
  readonly least: Milliseconds;
  /**
   * Every limit is used up, including the wait for somebody else's deployment. The time that ECS
   * takes to shift and drain is not included.
   */
  readonly longest: Milliseconds;
}

/**
 * The longest time that a job stays at 100% only because ECS restores the configuration of the
 * service after the end of the deployment, and not before.
 */
export const LONGEST_STAY = 30 * MINUTE;

/** The time that a plan of steps takes, without knowledge of the service or its traffic. */
export function stepsTime(plan: RolloutRequest): PlanTime {
  const { steps, bakeTime, keepOld, onConflict, conflictTimeout, startTimeout, capacityTimeout } = plan;
  const below = steps.filter((percent) => percent < 100);
  const belowAll = below.length;
  const later = Math.max(0, belowAll - 1) * bakeTime;
  const first = belowAll === 0 ? 0 : firstStep(plan);
  return {
    least: first + later + Math.min(keepOld, bakeTime),
    longest: sum([
      onConflict === 'wait' ? conflictTimeout : 0,
      capacityTimeout,
      startTimeout,
      Math.max(0, ...gatesAt(plan, 0).map(({ within }) => within)),
      ...below.map((percent) => longestAt(plan, percent)),
      Math.min(keepOld, bakeTime + LONGEST_STAY),
    ]),
  };
}

const sum = (lengths: readonly Milliseconds[]): Milliseconds => lengths.reduce((a, b) => a + b, 0);

/**
 * The first step passes only after one judged period, which comes after the warm-up and the metric
 * delay.
 */
function firstStep({ bakeTime, stepTimeout, onInconclusive, judging }: RolloutRequest): Milliseconds {
  const judged = judging.warmUp + judging.metricDelay;
  return Math.max(bakeTime, onInconclusive === 'continue' ? Math.min(judged, stepTimeout) : judged);
}
