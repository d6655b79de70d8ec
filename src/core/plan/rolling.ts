import type { RolloutRequest } from '../request.ts';
import type { Milliseconds } from '../time/clock.ts';

/**
 * The plan of a service that ECS updates in batches: there is no step to stop at, and no old revision to keep. What is left of a
 * ladder is its end.
 */
export function rolling(plan: RolloutRequest): RolloutRequest {
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
