import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { stepsTime } from '../../../core/plan/plan-time.ts';
import type { RolloutRequest } from '../../../core/request.ts';
import type { Phase } from '../../traffic/traffic-mover.ts';
import { readDeployment, type Reading } from '../paused/deployment-status.ts';
import { pausedBy, pausedConfiguration } from '../paused/pause-hook.ts';
import type { Strategy } from '../strategy.ts';
import { ofTasks, rollsBack } from '../words.ts';
import { leaveStep } from './leave-step.ts';
import { SIDE_BY_SIDE_PERCENT, sideBySide } from './plan.ts';
import { isWorker, workerProblems } from './preflight.ts';
import { workerRemark } from './remark.ts';

/**
 * For services whose tasks fetch their work. ECS starts as many new tasks as old ones, both work
 * side by side, and ECS pauses.
 */
export const workers: Strategy = {
  name: 'workers',
  share: 'work',
  words: {
    share: 'work',
    all: 'All the work',
    target: 'task',
    takes: 'work',
    shownBy: 'the tasks',
    sends: ofTasks,
    gets: (percent) => `while it should do ${percent}% of the work`,
    moves: 'continue',
    unattended: rollsBack,
    allIsNew: 'all tasks of the service run the new revision',
    lookAt: "the service's tasks",
  },
  accepts: isWorker,
  inspect(service, { rollout }) {
    const problems = workerProblems(service, rollout);
    return Promise.resolve({ routing: problems.length > 0 ? null : { kind: 'none' }, problems });
  },
  plan: sideBySide,
  time: stepsTime,
  remark: (plan, { name }) => workerRemark(plan, name),
  async mover(options) {
    const { createPausedMover } = await import('../paused/mover.ts');
    const { service, rollout } = options;
    return createPausedMover(options, workers, () =>
      workersConfiguration(service.deploymentConfiguration, rollout),
    );
  },
  read: (deployment) => readDeployment(deployment, READING),
  isOwn: (snapshot) => pausedBy(snapshot) === 'workers',
  leaveStep,
};

/**
 * ECS starts all new tasks beside the old ones. The bake time is 0 because old tasks that are kept
 * would continue to take half of the work.
 */
export function workersConfiguration(
  own: DeploymentConfiguration,
  rollout: RolloutRequest,
): DeploymentConfiguration {
  return pausedConfiguration(own, rollout, { name: 'workers', shift: { strategy: 'BLUE_GREEN' } });
}

/**
 * No weight shows the progress: there are as many new tasks as old ones until ECS stops one of the
 * groups.
 */
const SHARES: Readonly<Record<Phase, number>> = {
  starting: 0,
  paused: SIDE_BY_SIDE_PERCENT,
  moving: SIDE_BY_SIDE_PERCENT,
  'keeping-old': SIDE_BY_SIDE_PERCENT,
  'cleaning-up': 100,
  done: 100,
  baking: 100,
  'rolling-back': SIDE_BY_SIDE_PERCENT,
  'rolled-back': 0,
  failed: SIDE_BY_SIDE_PERCENT,
};

const READING: Reading = {
  share: 'work',
  // From the pause on, the only events are the answers of ecs-ramp and the stages of ECS.
  phaseIn({ lifecycleStage }) {
    switch (lifecycleStage) {
      case undefined:
      case 'RECONCILE_SERVICE':
      case 'PRE_SCALE_UP':
      case 'SCALE_UP':
        return 'starting';
      case 'CLEAN_UP':
        return 'cleaning-up';
      default:
        return 'moving';
    }
  },
  percentIn: (phase) => SHARES[phase],
  asksAgainAt: (stage) => stage !== 'POST_SCALE_UP',
};
