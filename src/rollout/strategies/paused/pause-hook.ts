import type {
  DeploymentCircuitBreaker,
  DeploymentConfiguration,
  DeploymentLifecycleHook,
} from '@aws-sdk/client-ecs';
import { longestStep } from '../../../core/plan/gates.ts';
import { hookTimeoutMinutes } from '../../../core/plan/ecs-steps.ts';
import { STRATEGIES, type StrategyName } from '../../../core/plan/strategies.ts';
import type { RolloutRequest } from '../../../core/request.ts';
import { MINUTE } from '../../../core/time/clock.ts';
import { keepHookOf, keepingOld, type KeepOldBy } from './keep-hook.ts';

/** What a strategy adds to the deployment configuration of a service. */
interface Shift {
  readonly name: StrategyName;
  /** The ECS strategy that shifts traffic. */
  readonly shift: DeploymentConfiguration;
  /** Default: ECS does not keep the old revision. */
  readonly keepOldBy?: KeepOldBy;
}

/**
 * The deployment configuration of the service during a rollout: the complete configuration of the
 * user (ECS does not document what a partial one resets), the ECS strategy that shifts traffic, one
 * PAUSE hook at the strategy's stages, and one that keeps the old revision. An unanswered hook of
 * the first kind rolls back, one of the second kind continues.
 */
export function pausedConfiguration(
  own: DeploymentConfiguration,
  rollout: RolloutRequest,
  { name, shift, keepOldBy }: Shift,
): DeploymentConfiguration {
  const { linearConfiguration: _linear, canaryConfiguration: _canary, ...kept } = own;
  const hook: DeploymentLifecycleHook = {
    targetType: 'PAUSE',
    lifecycleStages: [...STRATEGIES[name].pausesAt],
    timeoutConfiguration: { timeoutInMinutes: hookTimeoutMinutes(longestStep(rollout)), action: 'ROLLBACK' },
  };
  const { hooks, bakeTimeInMinutes } = keepingOld(keepOldBy ? rollout.keepOld : 0, keepOldBy ?? 'bake');
  return {
    ...kept,
    ...shift,
    bakeTimeInMinutes,
    deploymentCircuitBreaker: breakerDuring(own),
    lifecycleHooks: [...(own.lifecycleHooks ?? []), hook, ...hooks],
  };
}

/**
 * The circuit breaker of the user, which rolls back a release that cannot start even if no run
 * watches. Without rollback it would leave a share of the traffic on that release.
 */
function breakerDuring({ deploymentCircuitBreaker: own }: DeploymentConfiguration): DeploymentCircuitBreaker {
  if (own === undefined) return NO_BREAKER;
  return own.enable ? { ...own, rollback: true } : own;
}

const NO_BREAKER: DeploymentCircuitBreaker = { enable: false, rollback: false };

export function withoutBreaker(configuration: DeploymentConfiguration): DeploymentConfiguration {
  return { ...configuration, deploymentCircuitBreaker: NO_BREAKER };
}

const NAMES = Object.keys(STRATEGIES).filter((name): name is StrategyName => Object.hasOwn(STRATEGIES, name));

/**
 * The strategy that a hook belongs to; `null` when the hook is not from ecs-ramp. A PAUSE hook has
 * no name: a hook of ecs-ramp has exactly the stages of one strategy and rolls back when it times
 * out.
 */
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

/** The strategy whose PAUSE hook a configuration has. `null` when it has no hook from ecs-ramp. */
export function pausedBy(snapshot: DeploymentConfiguration | undefined): StrategyName | null {
  return snapshot?.lifecycleHooks?.map(strategyBy).find((name) => name !== null) ?? null;
}

/**
 * Whether a service has the configuration of a rollout by ecs-ramp. A canary or linear
 * configuration with a PAUSE hook of the user has a bake time that is not 0.
 */
export function isRolloutOfOurs(found: DeploymentConfiguration | undefined): boolean {
  const name = pausedBy(found);
  if (name !== 'canary') return name !== null && found?.strategy === 'BLUE_GREEN';
  const bake =
    found?.linearConfiguration?.stepBakeTimeInMinutes ?? found?.canaryConfiguration?.canaryBakeTimeInMinutes;
  return bake === 0;
}

/** The configuration without the hooks of ecs-ramp, complete enough to restore it. */
export function ownConfiguration(found: DeploymentConfiguration): DeploymentConfiguration {
  const keep = pausedBy(found) === null ? undefined : keepHookOf(found);
  return {
    ...found,
    lifecycleHooks: (found.lifecycleHooks ?? []).filter((hook) => strategyBy(hook) === null && hook !== keep),
  };
}

/**
 * How long the hook of a running rollout waits, from the deployment's copy of the configuration.
 * `null` when it has no hook from ecs-ramp.
 */
export function patienceOf(snapshot: DeploymentConfiguration | undefined): number | null {
  const hook = snapshot?.lifecycleHooks?.find((each) => strategyBy(each) !== null);
  // The default of ECS is one day.
  return hook ? (hook.timeoutConfiguration?.timeoutInMinutes ?? 1440) * MINUTE : null;
}

/**
 * How long a running rollout keeps the old revision by a pause, from the deployment's copy of the
 * configuration. `null` when it does not.
 */
export function keptFor(snapshot: DeploymentConfiguration | undefined): number | null {
  if (pausedBy(snapshot) === null) return null;
  const minutes = keepHookOf(snapshot)?.timeoutConfiguration?.timeoutInMinutes;
  return minutes === undefined ? null : minutes * MINUTE;
}
