import type { DeploymentConfiguration, DeploymentLifecycleHook } from '@aws-sdk/client-ecs';
import { longestStep } from '../../../core/plan/gates.ts';
import { hookTimeoutMinutes } from '../../../core/plan/ladder.ts';
import { STRATEGIES, type StrategyName } from '../../../core/plan/strategies.ts';
import type { RolloutRequest } from '../../../core/request.ts';
import { MINUTE } from '../../../core/time/clock.ts';

/**
 * The service's deployment configuration for the length of a rollout: the user's own, whole (what a partial one resets is not
 * documented), with ECS's way to shift, and one PAUSE hook at the strategy's stages, whose silence means rollback.
 */
export function pausedConfiguration(
  own: DeploymentConfiguration,
  rollout: RolloutRequest,
  name: StrategyName,
  shift: DeploymentConfiguration,
): DeploymentConfiguration {
  const { linearConfiguration: _linear, canaryConfiguration: _canary, ...kept } = own;
  const hook: DeploymentLifecycleHook = {
    targetType: 'PAUSE',
    lifecycleStages: [...STRATEGIES[name].pausesAt],
    timeoutConfiguration: { timeoutInMinutes: hookTimeoutMinutes(longestStep(rollout)), action: 'ROLLBACK' },
  };
  return {
    ...kept,
    ...shift,
    // ECS allows the circuit breaker with ROLLING only; ours is quicker.
    deploymentCircuitBreaker: { enable: false, rollback: false },
    lifecycleHooks: [...(own.lifecycleHooks ?? []), hook],
  };
}

const NAMES = Object.keys(STRATEGIES).filter((name): name is StrategyName => Object.hasOwn(STRATEGIES, name));

/** Whose pause it is. A PAUSE hook has no name: one of ours stands at the stages of a strategy alone and rolls back on silence. */
function strategyBy({
  targetType,
  lifecycleStages = [],
  timeoutConfiguration,
}: DeploymentLifecycleHook): StrategyName | null {
  if (targetType !== 'PAUSE' || timeoutConfiguration?.action === 'CONTINUE') return null;
  const isAt = (stages: readonly string[]) =>
    stages.length === lifecycleStages.length && lifecycleStages.every((stage) => stages.includes(stage));
  const at = NAMES.find((name) => isAt(STRATEGIES[name].pausesAt));
  return lifecycleStages.length > 0 ? (at ?? null) : null;
}

/** The strategy that a configuration pauses for; null: it has no hook of ours. */
export function pausedBy(snapshot: DeploymentConfiguration | undefined): StrategyName | null {
  return snapshot?.lifecycleHooks?.map(strategyBy).find((name) => name !== null) ?? null;
}

/** Whether a service is configured as for a rollout of ours. A person's own pause has steps with a bake, or none. */
export function isRolloutOfOurs(found: DeploymentConfiguration | undefined): boolean {
  const name = pausedBy(found);
  if (name !== 'canary') return name !== null && found?.strategy === 'BLUE_GREEN';
  const bake =
    found?.linearConfiguration?.stepBakeTimeInMinutes ?? found?.canaryConfiguration?.canaryBakeTimeInMinutes;
  return bake === 0;
}

/** The configuration without our hook, complete enough to put it back. */
export function ownConfiguration(found: DeploymentConfiguration): DeploymentConfiguration {
  return {
    ...found,
    lifecycleHooks: (found.lifecycleHooks ?? []).filter((hook) => strategyBy(hook) === null),
  };
}

/** How long the hook of a running rollout waits, from its snapshot of the configuration; null: it has none of ours. */
export function patienceOf(snapshot: DeploymentConfiguration | undefined): number | null {
  const hook = snapshot?.lifecycleHooks?.find((each) => strategyBy(each) !== null);
  // ECS's default where none is told: a day.
  return hook ? (hook.timeoutConfiguration?.timeoutInMinutes ?? 1440) * MINUTE : null;
}
