import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { ecsStepsFor } from '../../../core/plan/ecs-steps.ts';
import { stepsTime } from '../../../core/plan/plan-time.ts';
import type { RolloutRequest } from '../../../core/request.ts';
import { BALANCED_READING, readDeployment } from '../paused/deployment-status.ts';
import type { KeepOldBy } from '../paused/keep-hook.ts';
import { keepRemark } from '../paused/keep-remark.ts';
import { pausedBy, pausedConfiguration } from '../paused/pause-hook.ts';
import type { Strategy } from '../strategy.ts';
import { BALANCED_WORDS } from '../words.ts';

/**
 * The load balancer sends a growing share of the requests to the new revision. ECS pauses before
 * each step.
 */
export const canary: Strategy = {
  name: 'canary',
  share: 'traffic',
  words: BALANCED_WORDS,
  accepts: ({ loadBalancers = [] }) => loadBalancers.length > 0,
  async inspect(service, inspection) {
    return (await import('./preflight.ts')).inspectBalancer(service, inspection);
  },
  plan: (request) => request,
  time: stepsTime,
  remark: (plan, { name }) => keepRemark(plan, name),
  async mover(options) {
    const { createPausedMover } = await import('../paused/mover.ts');
    const { service, rollout } = options;
    return createPausedMover(options, canary, (keepOldBy) =>
      canaryConfiguration(service.deploymentConfiguration, rollout, keepOldBy),
    );
  },
  read: (deployment) => readDeployment(deployment, BALANCED_READING),
  isOwn: (snapshot) => pausedBy(snapshot) === 'canary',
};

/** The deployment configuration of the service during a rollout. */
export function canaryConfiguration(
  own: DeploymentConfiguration,
  rollout: RolloutRequest,
  keepOldBy: KeepOldBy = 'pause',
): DeploymentConfiguration {
  const ecsSteps = ecsStepsFor(rollout.steps);
  if (ecsSteps === null) throw new Error(`ECS has no strategy with the steps ${rollout.steps.join(',')}`);
  const shift: DeploymentConfiguration =
    ecsSteps.strategy === 'LINEAR'
      ? {
          strategy: 'LINEAR',
          linearConfiguration: { stepPercent: ecsSteps.stepPercent, stepBakeTimeInMinutes: 0 },
        }
      : {
          strategy: 'CANARY',
          canaryConfiguration: { canaryPercent: ecsSteps.canaryPercent, canaryBakeTimeInMinutes: 0 },
        };
  return pausedConfiguration(own, rollout, { name: 'canary', shift, keepOldBy });
}
