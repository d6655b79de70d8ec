import type {
  DeploymentConfiguration,
  DeploymentLifecycleHook,
  DeploymentLifecycleHookStage,
} from '@aws-sdk/client-ecs';
import type { RolloutRequest } from '../../../core/request.ts';
import { longestStep } from '../../../core/plan/gates.ts';
import { hookTimeoutMinutes, ladderFor } from '../../../core/plan/ladder.ts';
import { MINUTE } from '../../../core/time/clock.ts';
import type { Split } from '../../../core/plan/split.ts';

/** What a rollout of ours parts, where ECS stops for us. */
export type PausedSplit = Exclude<Split, 'rolling'>;

/**
 * Where ECS stops for us. Where a load balancer parts the requests: before every step. Where tasks take their work themselves:
 * when all new ones run beside the old ones. That pause alone could be a person's own; the second stage tells ours from it.
 */
const STAGES = {
  requests: ['PRE_PRODUCTION_TRAFFIC_SHIFT'],
  tasks: ['POST_SCALE_UP', 'PRE_PRODUCTION_TRAFFIC_SHIFT'],
} as const satisfies Record<PausedSplit, readonly DeploymentLifecycleHookStage[]>;

/**
 * The service's deployment configuration for the length of a rollout: the user's own, whole (what a partial one resets is not
 * documented), with ECS's strategy for the ladder and one PAUSE hook before every step, whose silence means rollback.
 */
export function rolloutConfiguration(
  own: DeploymentConfiguration,
  rollout: RolloutRequest,
  split: PausedSplit = 'requests',
): DeploymentConfiguration {
  const { linearConfiguration: _linear, canaryConfiguration: _canary, ...kept } = own;
  return {
    ...kept,
    ...(split === 'requests' ? shifting(rollout) : SIDE_BY_SIDE),
    // ECS allows the circuit breaker with ROLLING only; ours is quicker.
    deploymentCircuitBreaker: { enable: false, rollback: false },
    lifecycleHooks: [...(own.lifecycleHooks ?? []), pauseHook(rollout, split)],
  };
}

/** ECS starts all new tasks beside the old ones. Old ones that were kept after the last answer would go on taking half of the work. */
const SIDE_BY_SIDE: DeploymentConfiguration = { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 };

function shifting({ steps, keepOld }: RolloutRequest): DeploymentConfiguration {
  const ladder = ladderFor(steps);
  if (ladder === null) throw new Error(`no ladder for ${steps.join(',')}`);
  return {
    strategy: ladder.strategy,
    ...(ladder.strategy === 'LINEAR'
      ? { linearConfiguration: { stepPercent: ladder.stepPercent, stepBakeTimeInMinutes: 0 } }
      : { canaryConfiguration: { canaryPercent: ladder.canaryPercent, canaryBakeTimeInMinutes: 0 } }),
    bakeTimeInMinutes: keepOld / MINUTE,
  };
}

function pauseHook(rollout: RolloutRequest, split: PausedSplit): DeploymentLifecycleHook {
  return {
    targetType: 'PAUSE',
    lifecycleStages: [...STAGES[split]],
    timeoutConfiguration: { timeoutInMinutes: hookTimeoutMinutes(longestStep(rollout)), action: 'ROLLBACK' },
  };
}

/** A PAUSE hook has no name: ours is the one that stands at our stages alone and rolls back on silence. */
export function isOurs(hook: DeploymentLifecycleHook): boolean {
  return splitBy(hook) !== null;
}

function splitBy({
  targetType,
  lifecycleStages = [],
  timeoutConfiguration,
}: DeploymentLifecycleHook): PausedSplit | null {
  if (targetType !== 'PAUSE' || timeoutConfiguration?.action === 'CONTINUE') return null;
  const splits = ['requests', 'tasks'] as const;
  const isAt = (stages: readonly DeploymentLifecycleHookStage[]) =>
    stages.length === lifecycleStages.length && stages.every((stage) => lifecycleStages.includes(stage));
  return splits.find((split) => isAt(STAGES[split])) ?? null;
}

/** What a rollout of ours parts, from its snapshot of the configuration; null: it has no hook of ours. */
export function splitOf(snapshot: DeploymentConfiguration | undefined): PausedSplit | null {
  return snapshot?.lifecycleHooks?.map(splitBy).find((split) => split !== null) ?? null;
}

/** Whether a service is configured as for a rollout of ours. A person's own pause has steps with a bake, or none. */
export function isRolloutOfOurs(found: DeploymentConfiguration | undefined): boolean {
  if (splitOf(found) === 'tasks') return found?.strategy === 'BLUE_GREEN';
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
