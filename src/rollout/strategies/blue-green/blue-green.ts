import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import type { RolloutRequest } from '../../../core/request.ts';
import { stepsTime, type PlanTime } from '../../../core/plan/plan-time.ts';
import type { Notice } from '../../../core/trail/event.ts';
import { decideEnd, type Decision, type Observation } from '../../observation.ts';
import type { ServiceFacts } from '../../traffic/service-facts.ts';
import { BALANCED_READING, readDeployment } from '../paused/deployment-status.ts';
import type { KeepOldBy } from '../paused/keep-hook.ts';
import { keepRemark } from '../paused/keep-remark.ts';
import { pausedBy, pausedConfiguration } from '../paused/pause-hook.ts';
import type { Inspected, Strategy } from '../strategy.ts';
import { BALANCED_WORDS } from '../words.ts';

/**
 * The load balancer sends all requests to the new revision at once. ECS pauses before and after
 * that.
 */
export const blueGreen: Strategy = {
  name: 'blue-green',
  share: 'traffic',
  words: BALANCED_WORDS,
  accepts: () => true,
  async inspect(service, inspection) {
    const { inspectBalancer } = await import('../canary/preflight.ts');
    return withGateProblems(await inspectBalancer(service, inspection), inspection.rollout);
  },
  plan: (request) => ({ ...request, steps: [100] }),
  time,
  remark,
  async mover(options) {
    const { createPausedMover } = await import('../paused/mover.ts');
    const { service, rollout } = options;
    return createPausedMover(options, blueGreen, (keepOldBy) =>
      blueGreenConfiguration(service.deploymentConfiguration, rollout, keepOldBy),
    );
  },
  read: (deployment) => readDeployment(deployment, BALANCED_READING),
  isOwn: (snapshot) => pausedBy(snapshot) === 'blue-green',
  decide,
};

/** The deployment configuration of the service during a rollout. */
export function blueGreenConfiguration(
  own: DeploymentConfiguration,
  rollout: RolloutRequest,
  keepOldBy: KeepOldBy = 'pause',
): DeploymentConfiguration {
  return pausedConfiguration(own, rollout, {
    name: 'blue-green',
    shift: { strategy: 'BLUE_GREEN' },
    keepOldBy,
  });
}

/** The time at 100% is calculated like the time of a canary step below 100%. */
function time(request: RolloutRequest): PlanTime {
  const { least, longest } = stepsTime({ ...request, steps: [99, 100] });
  return { least: least - Math.min(request.keepOld, request.bakeTime), longest };
}

/**
 * The bake time passed before the pause at 100% was answered, so nothing more has to be watched.
 */
function decide({ traffic, stayToTheEnd }: Observation): Decision | null {
  if (traffic.phase !== 'keeping-old' || traffic.verifiedPercent !== 100 || stayToTheEnd) return null;
  return decideEnd('deployed', 'all production traffic is on the new revision');
}

function withGateProblems(found: Inspected, { gates }: RolloutRequest): Inspected {
  const misplaced = gates.filter(({ percent }) => percent !== 0);
  const more = misplaced.map(
    ({ percent }) =>
      `gates: there is a gate at ${percent}%, but a blue/green deployment has no step at ${percent}%: set the gate to 0, before any production traffic.`,
  );
  return { ...found, problems: [...found.problems, ...more] };
}

/** Says that this strategy has no canary, and what is judged instead. */
function remark(plan: RolloutRequest, { name }: ServiceFacts): Notice {
  const keeping = keepRemark(plan, name);
  const message = `ECS moves all production traffic of service ${name} to the new revision at once, after the smoke tests, so the new revision is not compared with the old one. No more than max-error-rate of the requests may fail; crashes, health checks, alarms and your own metrics count too.`;
  if (keeping !== null) return { ...keeping, message: `${message} ${keeping.message}` };
  return { kind: 'notice', level: 'notice', message };
}
