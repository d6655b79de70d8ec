import { MINUTE } from '../../src/core/time/clock.ts';
import type { CompleteConfiguration } from './deployment-configuration.ts';
import type { Rung } from './world.ts';

interface LadderOptions {
  /** More than one revision is active. */
  readonly reconcile: boolean;
  /** No revision serves yet, so the new revision gets all traffic in one step. */
  readonly first: boolean;
  /** The deployment has stages that shift traffic. */
  readonly traffic: boolean;
  /** POST_PRODUCTION_TRAFFIC_SHIFT comes after each step. */
  readonly postEachStep: boolean;
}

/** The stages of a deployment, in order. ROLLING has no stages. */
export function ladderOf(
  configuration: CompleteConfiguration,
  { reconcile, first, traffic, postEachStep }: LadderOptions,
): Rung[] {
  if (configuration.strategy === 'ROLLING') return [];
  let reached = 0;
  const steps = (first ? [{ percent: 100, bake: 0 }] : stepsOf(configuration)).flatMap(
    ({ percent, bake }) => {
      const before = reached;
      reached = percent;
      return [
        stay('PRE_PRODUCTION_TRAFFIC_SHIFT', before),
        stay('PRODUCTION_TRAFFIC_SHIFT', percent, bake),
        ...(postEachStep || percent === 100 ? [stay('POST_PRODUCTION_TRAFFIC_SHIFT', percent)] : []),
      ];
    },
  );
  const shift = [stay('TEST_TRAFFIC_SHIFT', 0), stay('POST_TEST_TRAFFIC_SHIFT', 0), ...steps];
  return [
    ...(reconcile ? [stay('RECONCILE_SERVICE', 0)] : []),
    stay('PRE_SCALE_UP', 0),
    stay('SCALE_UP', 0),
    stay('POST_SCALE_UP', 0),
    ...(traffic ? shift : []),
    stay('BAKE_TIME', 100, configuration.bakeTimeInMinutes * MINUTE),
    stay('CLEAN_UP', 100),
  ];
}

/**
 * Percentages of production traffic with the bake time of each. The last one is always 100 and has
 * no bake time.
 */
function stepsOf(configuration: CompleteConfiguration): { percent: number; bake: number }[] {
  const { strategy, linearConfiguration, canaryConfiguration } = configuration;
  const last = { percent: 100, bake: 0 };
  if (strategy === 'CANARY') {
    const { canaryPercent = 5, canaryBakeTimeInMinutes = 10 } = canaryConfiguration ?? {};
    if (canaryPercent === 100) return [last];
    return [{ percent: canaryPercent, bake: canaryBakeTimeInMinutes * MINUTE }, last];
  }
  if (strategy === 'BLUE_GREEN') return [last];
  const { stepPercent = 10, stepBakeTimeInMinutes = 6 } = linearConfiguration ?? {};
  // In tenths of a percent, so that sums are exact.
  const step = Math.round(stepPercent * 10);
  const between = Array.from({ length: Math.ceil(1000 / step) - 1 }, (_, index) => ({
    percent: ((index + 1) * step) / 10,
    bake: stepBakeTimeInMinutes * MINUTE,
  }));
  return [...between, last];
}

function stay(stage: Rung['stage'], percent: number, bake = 0): Rung {
  return { stage, percent, bake };
}
