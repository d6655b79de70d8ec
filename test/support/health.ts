import { MINUTE } from '../../src/core/time/clock.ts';
import type { StoppedTask } from '../../src/core/trail/event.ts';
import type { Health } from '../../src/rollout/health/health.ts';

export const NOW = Date.parse('2026-05-05T10:00:00Z');

export const exited: StoppedTask = {
  taskArn: 'arn:aws:ecs:eu-west-1:123456789012:task/shop/1',
  stoppedAt: 0,
  stopCode: 'EssentialContainerExited',
  reason: 'Essential container in task exited',
  containers: [{ name: 'web', exitCode: 1, reason: null }],
};

/** The old revision has two healthy targets by default. */
export function healthOf(
  canary: { healthy: number; unhealthy?: number; crashes?: number },
  stable: { healthy: number; unhealthy?: number; crashes?: number } = { healthy: 2 },
): Health {
  const arm = ({ healthy, unhealthy = 0 }: typeof canary) => ({
    running: healthy,
    desired: 2,
    healthyTargets: healthy,
    unhealthyTargets: unhealthy,
  });
  return {
    arms: { canary: arm(canary), stable: arm(stable) },
    shortage: null,
    taken: { canary: [], stable: [] },
    crashed: {
      canary: Array.from({ length: canary.crashes ?? 0 }, () => exited),
      stable: Array.from({ length: stable.crashes ?? 0 }, () => exited),
    },
    unhealthySince: canary.unhealthy ? NOW - MINUTE : null,
    failedCheck: null,
  };
}
