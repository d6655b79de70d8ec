import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import type { Strategy } from '../strategy.ts';
import { ofTasks } from '../words.ts';
import { decideRolling } from './decide.ts';
import { readRolling } from './deployment-status.ts';
import { lastBake, rollingPlan, rollingTime } from './plan.ts';
import { batches, rollingRemark } from './remark.ts';

/**
 * ECS replaces the tasks in batches, as the service is configured. ecs-ramp watches and can roll
 * back.
 */
export const rolling: Strategy = {
  name: 'rolling',
  share: 'tasks',
  words: {
    share: 'the tasks',
    all: 'Every task',
    target: 'task',
    takes: 'requests or the work',
    shownBy: 'the tasks',
    sends: ofTasks,
    gets: () => 'although every task runs it',
    moves: 'replace the tasks',
    unattended: () => 'ECS continues the rolling update by itself',
    allIsNew: 'all tasks of the service run the new revision',
    lookAt: "the service's tasks",
  },
  accepts: () => true,
  async inspect(service, { elb, rollout }) {
    return (await import('./preflight.ts')).inspectRolling(elb, service, rollout);
  },
  plan: rollingPlan,
  time: rollingTime,
  planned: (plan, facts) => ({ rolling: batches(facts), bakeTime: lastBake(plan) }),
  remark: rollingRemark,
  async mover(options) {
    return (await import('./mover.ts')).createRollingMover(options, rolling);
  },
  read: readRolling,
  isOwn: isRolling,
  async unwatched(options) {
    return (await import('./unfinished-bake.ts')).unfinishedBake(options);
  },
  // ECS itself waits for the tasks that it has just started.
  dueShare: ({ phase, percent }) => (phase === 'baking' ? percent : 0),
  decide: decideRolling,
};

/** ROLLING is also the default of ECS. */
function isRolling(snapshot: DeploymentConfiguration | undefined): boolean {
  return (snapshot?.strategy ?? 'ROLLING') === 'ROLLING';
}
