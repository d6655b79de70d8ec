import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import type { RolloutRequest } from '../../../core/request.ts';
import { ladderTime, type PlanTime } from '../../../core/plan/plan-time.ts';
import { MINUTE } from '../../../core/time/clock.ts';
import type { Notice } from '../../../core/trail/event.ts';
import { decideEnd, type Decision, type Observation } from '../../observation.ts';
import type { ServiceFacts } from '../../traffic/service-facts.ts';
import { BALANCED_READING, readDeployment } from '../paused/deployment-status.ts';
import { pausedBy, pausedConfiguration } from '../paused/pause-hook.ts';
import type { Inspected, Strategy } from '../strategy.ts';
import { BALANCED_WORDS } from '../words.ts';

/** A load balancer gives the new revision all of the requests at once; ECS pauses before that, and after it. */
export const blueGreen: Strategy = {
  name: 'blue-green',
  share: 'traffic',
  words: BALANCED_WORDS,
  accepts: () => true,
  async inspect(service, { elb, rollout }) {
    const { inspectBalancer } = await import('../canary/preflight.ts');
    return withGateProblems(await inspectBalancer(elb, service, rollout), rollout);
  },
  plan: (request) => ({ ...request, steps: [100] }),
  time,
  remark,
  async mover(options) {
    const { createPausedMover } = await import('../paused/mover.ts');
    const { service, rollout } = options;
    return createPausedMover(options, blueGreen, () =>
      blueGreenConfiguration(service.deploymentConfiguration, rollout),
    );
  },
  read: (deployment) => readDeployment(deployment, BALANCED_READING),
  isOwn: (snapshot) => pausedBy(snapshot) === 'blue-green',
  decide,
};

/** The service's deployment configuration for the length of a rollout. */
export function blueGreenConfiguration(
  own: DeploymentConfiguration,
  rollout: RolloutRequest,
): DeploymentConfiguration {
  return pausedConfiguration(own, rollout, 'blue-green', {
    strategy: 'BLUE_GREEN',
    bakeTimeInMinutes: rollout.keepOld / MINUTE,
  });
}

/** It is judged at 100%, as a canary is at a step below. */
function time(request: RolloutRequest): PlanTime {
  const { least, longest } = ladderTime({ ...request, steps: [99, 100] });
  return { least: least - Math.min(request.keepOld, request.bakeTime), longest };
}

/** The last bake was before the pause at 100% was answered. */
function decide({ traffic, stayToTheEnd }: Observation): Decision | null {
  if (traffic.phase !== 'keeping-old' || traffic.verifiedPercent !== 100 || stayToTheEnd) return null;
  return decideEnd('deployed', 'all production traffic is on the new revision');
}

function withGateProblems({ routing, problems }: Inspected, { gates }: RolloutRequest): Inspected {
  const misplaced = gates.filter(({ percent }) => percent !== 0);
  const more = misplaced.map(
    ({ percent }) =>
      `gates: one stands at ${percent}%, where a blue/green deployment never is: put it at 0, before any production traffic.`,
  );
  return { routing, problems: [...problems, ...more] };
}

/** There is no canary in it, and nobody should think so. */
function remark(_: RolloutRequest, { name }: ServiceFacts): Notice {
  const message = `Service ${name} gets all production traffic at once, after the smoke tests: nothing is compared with the old version then. More than max-error-rate of the requests may not fail; crashes, health checks, alarms and metrics of your own count too.`;
  return { kind: 'notice', level: 'notice', message };
}
