import type { DeploymentConfiguration, DeploymentLifecycleHook } from '@aws-sdk/client-ecs';
import type { RolloutRequest } from '../inputs/request.ts';
import { longestStep } from '../ladder/gates.ts';
import { hookTimeoutMinutes, ladderFor } from '../ladder/ladder.ts';
import { MINUTE } from '../time/clock.ts';

/**
 * The service's deployment configuration for the length of a rollout: the user's own, whole (what a partial one resets is not
 * documented), with ECS's strategy for the ladder and one PAUSE hook before every step, whose silence means rollback.
 */
export function rolloutConfiguration(
  own: DeploymentConfiguration,
  rollout: RolloutRequest,
): DeploymentConfiguration {
  const ladder = ladderFor(rollout.steps);
  if (ladder === null) throw new Error(`no ladder for ${rollout.steps.join(',')}`);
  const { linearConfiguration: _linear, canaryConfiguration: _canary, ...kept } = own;
  return {
    ...kept,
    strategy: ladder.strategy,
    ...(ladder.strategy === 'LINEAR'
      ? { linearConfiguration: { stepPercent: ladder.stepPercent, stepBakeTimeInMinutes: 0 } }
      : { canaryConfiguration: { canaryPercent: ladder.canaryPercent, canaryBakeTimeInMinutes: 0 } }),
    bakeTimeInMinutes: rollout.keepOld / MINUTE,
    // ECS allows the circuit breaker with ROLLING only; ours is quicker.
    deploymentCircuitBreaker: { enable: false, rollback: false },
    lifecycleHooks: [...(own.lifecycleHooks ?? []), pauseHook(rollout)],
  };
}

function pauseHook(rollout: RolloutRequest): DeploymentLifecycleHook {
  return {
    targetType: 'PAUSE',
    lifecycleStages: ['PRE_PRODUCTION_TRAFFIC_SHIFT'],
    timeoutConfiguration: { timeoutInMinutes: hookTimeoutMinutes(longestStep(rollout)), action: 'ROLLBACK' },
  };
}

/** A PAUSE hook has no name: ours is the one that stands before the production traffic shift alone and rolls back on silence. */
export function isOurs(hook: DeploymentLifecycleHook): boolean {
  return (
    hook.targetType === 'PAUSE' &&
    hook.lifecycleStages?.length === 1 &&
    hook.lifecycleStages[0] === 'PRE_PRODUCTION_TRAFFIC_SHIFT' &&
    hook.timeoutConfiguration?.action !== 'CONTINUE'
  );
}

/** Whether a service is configured as for a rollout of ours. A person's own pause has steps with a bake, or none. */
export function isRolloutOfOurs(found: DeploymentConfiguration | undefined): boolean {
  const bake =
    found?.linearConfiguration?.stepBakeTimeInMinutes ?? found?.canaryConfiguration?.canaryBakeTimeInMinutes;
  return patienceOf(found) !== null && bake === 0;
}

/** The configuration without our hook, complete enough to put it back. */
export function ownConfiguration(found: DeploymentConfiguration): DeploymentConfiguration {
  return { ...found, lifecycleHooks: (found.lifecycleHooks ?? []).filter((hook) => !isOurs(hook)) };
}

/** How long the hook of a running rollout waits, from its snapshot of the configuration; null: it has none of ours. */
export function patienceOf(snapshot: DeploymentConfiguration | undefined): number | null {
  const hook = snapshot?.lifecycleHooks?.find(isOurs);
  // ECS's default where none is told: a day.
  return hook ? (hook.timeoutConfiguration?.timeoutInMinutes ?? 1440) * MINUTE : null;
}
