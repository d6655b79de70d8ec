import type { DeploymentConfiguration, DeploymentLifecycleHook } from '@aws-sdk/client-ecs';
import { DAY, MINUTE, type Milliseconds } from '../../../core/time/clock.ts';

/** The stage after the last shift of traffic: both revisions run, and the new one has all of it. */
export const KEPT_AT = 'POST_PRODUCTION_TRAFFIC_SHIFT';

/** How ECS keeps the old revision at 100%. A bake cannot be ended early, a pause can. */
export type KeepOldBy = 'pause' | 'bake';

/** The longest bake time of ECS. */
export const LONGEST_BAKE = DAY;

/**
 * The part of a deployment configuration that keeps the old revision. `keepOld` is in whole
 * minutes.
 */
export function keepingOld(
  keepOld: Milliseconds,
  by: KeepOldBy,
): { readonly bakeTimeInMinutes: number; readonly hooks: readonly DeploymentLifecycleHook[] } {
  const minutes = keepOld / MINUTE;
  if (by === 'bake' || minutes === 0) return { bakeTimeInMinutes: minutes, hooks: [] };
  return { bakeTimeInMinutes: 0, hooks: [keepHook(minutes)] };
}

/** A pause that continues when nobody answers. */
function keepHook(timeoutInMinutes: number): DeploymentLifecycleHook {
  return {
    targetType: 'PAUSE',
    lifecycleStages: [KEPT_AT],
    timeoutConfiguration: { timeoutInMinutes, action: 'CONTINUE' },
  };
}

function isKeepHook({
  targetType,
  lifecycleStages = [],
  timeoutConfiguration,
}: DeploymentLifecycleHook): boolean {
  return (
    targetType === 'PAUSE' &&
    timeoutConfiguration?.action === 'CONTINUE' &&
    lifecycleStages.length === 1 &&
    lifecycleStages[0] === KEPT_AT
  );
}

/**
 * The hook of a rollout that keeps the old revision; `undefined` when it has none. ecs-ramp adds it
 * last, so an equal hook of the user comes before it. Only meaningful beside the pause hook of
 * ecs-ramp. Pure.
 */
export function keepHookOf(
  configuration: DeploymentConfiguration | undefined,
): DeploymentLifecycleHook | undefined {
  const last = configuration?.lifecycleHooks?.at(-1);
  return last && isKeepHook(last) ? last : undefined;
}
