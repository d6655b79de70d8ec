import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { ladderFor } from '../../../core/plan/ladder.ts';
import { ladderTime } from '../../../core/plan/plan-time.ts';
import type { RolloutRequest } from '../../../core/request.ts';
import { MINUTE } from '../../../core/time/clock.ts';
import { BALANCED_READING, readDeployment } from '../paused/deployment-status.ts';
import { pausedBy, pausedConfiguration } from '../paused/pause-hook.ts';
import type { Strategy } from '../strategy.ts';
import { BALANCED_WORDS } from '../words.ts';

/** A load balancer gives the new revision a share of the requests, step by step; ECS pauses before each. */
export const canary: Strategy = {
  name: 'canary',
  share: 'traffic',
  words: BALANCED_WORDS,
  accepts: ({ loadBalancers = [] }) => loadBalancers.length > 0,
  async inspect(service, { elb, rollout }) {
    return (await import('./preflight.ts')).inspectBalancer(elb, service, rollout);
  },
  plan: (request) => request,
  time: ladderTime,
  remark: () => null,
  async mover(options) {
    const { createPausedMover } = await import('../paused/mover.ts');
    const { service, rollout } = options;
    return createPausedMover(options, canary, () =>
      canaryConfiguration(service.deploymentConfiguration, rollout),
    );
  },
  read: (deployment) => readDeployment(deployment, BALANCED_READING),
  isOwn: (snapshot) => pausedBy(snapshot) === 'canary',
};

/** The service's deployment configuration for the length of a rollout. */
export function canaryConfiguration(
  own: DeploymentConfiguration,
  rollout: RolloutRequest,
): DeploymentConfiguration {
  const ladder = ladderFor(rollout.steps);
  if (ladder === null) throw new Error(`no ladder for ${rollout.steps.join(',')}`);
  return pausedConfiguration(own, rollout, 'canary', {
    strategy: ladder.strategy,
    ...(ladder.strategy === 'LINEAR'
      ? { linearConfiguration: { stepPercent: ladder.stepPercent, stepBakeTimeInMinutes: 0 } }
      : { canaryConfiguration: { canaryPercent: ladder.canaryPercent, canaryBakeTimeInMinutes: 0 } }),
    bakeTimeInMinutes: rollout.keepOld / MINUTE,
  });
}
