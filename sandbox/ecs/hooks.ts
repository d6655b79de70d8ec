import type { DeploymentLifecycleHookDetail } from '@aws-sdk/client-ecs';
import { MINUTE } from '../../src/time/clock.ts';
import type { DeploymentRecord, World } from './world.ts';

/** Opens the hooks of the stage that has just been entered, each with a fresh id. There is no Lambda here: such a hook succeeds. */
export function openHooks(world: World, deployment: DeploymentRecord): void {
  const { configuration, stage, position, hooks } = deployment;
  for (const {
    targetType,
    hookTargetArn,
    lifecycleStages,
    timeoutConfiguration,
  } of configuration.lifecycleHooks) {
    if (!lifecycleStages?.some((name) => name === stage)) continue;
    if (targetType !== 'PAUSE') {
      hooks.push({
        position,
        detail: {
          hookId: `ecs-lambda-${world.names.token(43)}`,
          targetType: 'AWS_LAMBDA',
          targetArn: hookTargetArn,
          status: 'SUCCEEDED',
        },
      });
      continue;
    }
    const { timeoutInMinutes = 1440, action = 'ROLLBACK' } = timeoutConfiguration ?? {};
    hooks.push({
      position,
      detail: {
        hookId: `ecs-pause-${world.names.token(43)}`,
        targetType: 'PAUSE',
        status: 'AWAITING_ACTION',
        expiresAt: new Date(world.clock.now() + timeoutInMinutes * MINUTE),
        timeoutAction: action,
      },
    });
  }
}

export function awaitingHooks(deployment: DeploymentRecord): DeploymentLifecycleHookDetail[] {
  return deployment.hooks.map(({ detail }) => detail).filter((hook) => hook.status === 'AWAITING_ACTION');
}

/** Marks what nobody answered in time; returns the hook that now demands a rollback, if any. */
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

/** When a deployment ends or turns back, nobody's answer is awaited any more. */
export function closeHooks(deployment: DeploymentRecord): void {
  for (const hook of awaitingHooks(deployment)) hook.status = 'FAILED';
}
