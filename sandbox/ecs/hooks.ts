import type { DeploymentLifecycleHook, DeploymentLifecycleHookDetail } from '@aws-sdk/client-ecs';
import { MINUTE } from '../../src/core/time/clock.ts';
import type { DeploymentRecord, World } from './world.ts';

/** Opens the hooks of the stage that the deployment has just entered, each with a new id. */
export function openHooks(world: World, deployment: DeploymentRecord): void {
  const { configuration, stage, hooks } = deployment;
  const due = configuration.lifecycleHooks.filter((hook) =>
    hook.lifecycleStages?.some((name) => name === stage),
  );
  hooks.push(
    ...due.map((hook) => (hook.targetType === 'PAUSE' ? openPause(world, hook) : callLambda(world, hook))),
  );
}

function openPause(
  world: World,
  { timeoutConfiguration }: DeploymentLifecycleHook,
): DeploymentLifecycleHookDetail {
  const { timeoutInMinutes = 1440, action = 'ROLLBACK' } = timeoutConfiguration ?? {};
  return {
    hookId: `ecs-pause-${world.names.token(43)}`,
    targetType: 'PAUSE',
    status: 'AWAITING_ACTION',
    expiresAt: new Date(world.clock.now() + timeoutInMinutes * MINUTE),
    timeoutAction: action,
  };
}

/** The sandbox has no Lambda: every function succeeds at once. */
function callLambda(world: World, { hookTargetArn }: DeploymentLifecycleHook): DeploymentLifecycleHookDetail {
  return {
    hookId: `ecs-lambda-${world.names.token(43)}`,
    targetType: 'AWS_LAMBDA',
    targetArn: hookTargetArn,
    status: 'SUCCEEDED',
  };
}

export function awaitingHooks(deployment: DeploymentRecord): DeploymentLifecycleHookDetail[] {
  return deployment.hooks.filter((hook) => hook.status === 'AWAITING_ACTION');
}

/** Marks hooks that got no answer in time. Returns the hook that requires a rollback, if any. */
export function expireHooks(
  world: World,
  deployment: DeploymentRecord,
): DeploymentLifecycleHookDetail | null {
  const late = awaitingHooks(deployment).filter(
    (hook) => hook.expiresAt !== undefined && hook.expiresAt.getTime() <= world.clock.now(),
  );
  for (const hook of late) hook.status = 'TIMED_OUT';
  return late.find((hook) => hook.timeoutAction === 'ROLLBACK') ?? null;
}

/** Closes the open hooks when a deployment ends or rolls back. */
export function closeHooks(deployment: DeploymentRecord): void {
  for (const hook of awaitingHooks(deployment)) hook.status = 'FAILED';
}
