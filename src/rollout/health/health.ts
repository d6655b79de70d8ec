import type { ECSClient, Task } from '@aws-sdk/client-ecs';
import {
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { mayPass } from '../../aws/errors.ts';
import { describeTasks, taskArns, tasksOf } from '../../aws/ecs/tasks.ts';
import { MINUTE, SECOND, type Clock, type Milliseconds } from '../../core/time/clock.ts';
import { CACHE_TIME, cachedRead } from '../../core/time/cached-read.ts';
import type { BalancedGroup } from '../traffic/balanced-group.ts';
import type { Arm, Phase, Traffic } from '../traffic/traffic-mover.ts';
import type { ArmHealth, ArmsHealth, StoppedTask } from '../../core/trail/event.ts';
import { createFailedCheckReader } from './failed-check-reader.ts';
import { foundIn, isTargetOf, knowsTasks } from './in-target-group.ts';
import type { Shortage } from './shortage.ts';
import { createShortageReader } from './shortage-reader.ts';
import { stopCause } from './stop-cause.ts';
import { stoppedTask } from './stopped-tasks.ts';
import { createHostReader } from './host-reader.ts';
import { takenTasks, type TakenTask } from './taken-tasks.ts';
import { isGlance, type Glance, type Scope } from '../scope.ts';
import type { ServiceRef } from '../../core/service-ref.ts';

/** The signals that do not have the delay of CloudWatch: targets and tasks. */
export interface Health {
  readonly arms: ArmsHealth;
  /** The last shortage of room for the canary's tasks; `null` when ECS reported none. */
  readonly shortage: Shortage | null;
  /** Tasks of each arm that failed since the rollout started, newest first. */
  readonly crashed: { readonly canary: readonly StoppedTask[]; readonly stable: readonly StoppedTask[] };
  /** Tasks of each arm that ECS, EC2, Fargate or a person took since the rollout started. */
  readonly taken: { readonly canary: readonly TakenTask[]; readonly stable: readonly TakenTask[] };
  /** Since when the canary has had unhealthy targets; `null` when it has none. */
  readonly unhealthySince: number | null;
  /** The last health check that a canary target failed, in words; `null` when none did. */
  readonly failedCheck: string | null;
}

export interface HealthOptions {
  readonly ecs: ECSClient;
  readonly service: ServiceRef;
  readonly clock: Clock;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly canary: Arm;
  readonly stable: Arm;
  /** The one target group that has the tasks of both arms. Absent when each arm has its own. */
  readonly together?: BalancedGroup | null;
}

export interface HealthReader {
  /** Rejects with UserError when AWS refuses. */
  look(traffic: Traffic, scope: Scope): Promise<Health>;
}

/**
 * Reads only what an observation needs, because every call counts against the limits of the
 * account.
 */
export function createHealthReader(options: HealthOptions): HealthReader {
  const { clock } = options;
  const canary = cachedRead(clock, () => serving(options, options.canary), { mayPass });
  const stable = cachedRead(clock, () => serving(options, options.stable), { often: MINUTE, mayPass });
  const stopped = cachedRead(clock, stoppedTasksOf(options), { mayPass });
  const readFailedCheck = createFailedCheckReader(options);
  const readShortage = createShortageReader(options);
  const readLostHosts = createHostReader(options);
  let isWell = false;
  let unhealthySince: number | null = null;

  return {
    async look(traffic, scope) {
      const closely = scope === 'everything';
      const isDecided = DECIDED.has(traffic.phase);
      const isShort = traffic.canary.running < traffic.canary.desired;
      const hasTraffic = traffic.percent > 0;
      const isCloseOnTasks = closely || (isShort && !isDecided);
      let stoppedTasks = await stopped(isCloseOnTasks, intervalOf('tasks', scope));
      const isSuspect =
        crashesIn(stoppedTasks, options, traffic.startedAt).canary.length > 0 ||
        (hasTraffic && (isShort || !isWell));
      const canaryTargets = await canary(
        closely || (isSuspect && !isDecided),
        isDecided ? MINUTE : intervalOf('targets', scope),
      );
      const { healthyTargets, unhealthyTargets } = canaryTargets;
      isWell = unhealthyTargets === 0 && healthyTargets > 0;
      unhealthySince = unhealthyTargets === 0 ? null : (unhealthySince ?? clock.now());
      const isLacking = hasTraffic && !isDecided && !isWell;
      // Missing targets are blamed on the release unless ECS has said who took the tasks.
      if (isLacking && !isCloseOnTasks) stoppedTasks = await stopped(true);
      const crashed = crashesIn(stoppedTasks, options, traffic.startedAt);
      const lost = isLacking ? await readLostHosts(options.canary.taskDefinitionArn, closely) : [];
      const taken = takenIn(stoppedTasks, options, { startedAt: traffic.startedAt, now: clock.now() });
      const shortage = traffic.phase === 'cleaning-up' ? null : await readShortage(traffic, stoppedTasks);
      const failedCheck = await readFailedCheck({
        failing: canaryTargets.failing,
        crashed: crashed.canary,
        startedAt: traffic.startedAt,
      });
      // Stable is the control: while the canary is healthy, it decides nothing.
      const stableTargets = await stable(
        (hasTraffic && !isWell) || traffic.phase === 'rolled-back',
        isGlance(scope) ? 5 * MINUTE : MINUTE,
      );
      return {
        arms: {
          canary: armHealth(traffic.canary, canaryTargets, crashed.canary),
          stable: armHealth(traffic.stable, stableTargets, crashed.stable),
        },
        shortage,
        crashed,
        taken: { ...taken, canary: [...taken.canary, ...lost] },
        unhealthySince,
        failedCheck,
      };
    },
  };
}

/** How old an answer may be: a glance reads only its own signal. */
function intervalOf(signal: Glance, scope: Scope): Milliseconds {
  if (scope === signal) return GLANCE_INTERVAL;
  return isGlance(scope) ? Infinity : CACHE_TIME;
}

/** Shorter than the time between two glances at the same signal, unless AWS answers slowly. */
const GLANCE_INTERVAL = 5 * SECOND;

function armHealth(
  tasks: Traffic['canary'],
  { healthyTargets, unhealthyTargets }: Counted,
  { length: failedTasks }: readonly StoppedTask[],
): ArmHealth {
  return { ...tasks, healthyTargets, unhealthyTargets, ...(failedTasks > 0 && { failedTasks }) };
}

/** Phases in which ECS ends the deployment, whatever the canary's health is. */
const DECIDED: ReadonlySet<Phase> = new Set(['cleaning-up', 'rolling-back']);

function crashesIn(
  stopped: readonly Task[],
  options: Pick<HealthOptions, 'canary' | 'stable'>,
  since: number,
): Health['crashed'] {
  const crashed = (arm: Arm) =>
    stopped
      .filter((task) => task.taskDefinitionArn === arm.taskDefinitionArn)
      .filter((task) => (task.stoppedAt ?? task.createdAt ?? new Date(0)).getTime() >= since)
      .filter((task) => stopCause(task) === 'release')
      .map(stoppedTask)
      .sort((a, b) => (b.stoppedAt ?? 0) - (a.stoppedAt ?? 0));
  return { canary: crashed(options.canary), stable: crashed(options.stable) };
}

function takenIn(
  stopped: readonly Task[],
  { canary, stable }: Pick<HealthOptions, 'canary' | 'stable'>,
  times: { readonly startedAt: number; readonly now: number },
): Health['taken'] {
  const taken = (arm: Arm) =>
    takenTasks(
      stopped.filter((task) => task.taskDefinitionArn === arm.taskDefinitionArn),
      times,
    );
  return { canary: taken(canary), stable: taken(stable) };
}

/** A stopped task is described only once. */
function stoppedTasksOf(options: HealthOptions): () => Promise<readonly Task[]> {
  let known = new Map<string, Task>();
  return async () => {
    const arns = await taskArns(options.ecs, options.service, 'STOPPED');
    const unknown = arns.filter((arn) => !known.has(arn));
    const tasks = [
      ...arns.flatMap((arn) => known.get(arn) ?? []),
      ...(await describeTasks(options.ecs, options.service, unknown)),
    ];
    known = new Map(
      tasks.filter(({ lastStatus }) => lastStatus === 'STOPPED').map((task) => [task.taskArn!, task]),
    );
    return tasks;
  };
}

type Counted = Pick<ArmHealth, 'healthyTargets' | 'unhealthyTargets'>;

interface Serving extends Counted {
  /** An unhealthy target of the arm; `null` when there is none. */
  readonly failing: TargetHealthDescription | null;
}

/** Counts the targets of an arm, or its tasks when it has no target group of its own. */
async function serving(options: HealthOptions, { taskDefinitionArn, group }: Arm): Promise<Serving> {
  const { elb, together } = options;
  if (together === undefined && group !== null) return statesOf(await targets(elb, group));
  const [tasks, shared] = await Promise.all([
    tasksOf(options.ecs, options.service, 'RUNNING'),
    together ? targets(elb, together) : Promise.resolve(null),
  ]);
  return countServing(
    tasks.filter((task) => task.taskDefinitionArn === taskDefinitionArn),
    shared,
  );
}

/**
 * Counts healthy and unhealthy tasks. A running task without a health check is healthy, unless its
 * target group has not found it healthy. `targets` is `null` without a target group. Targets that
 * are instances belong to no task, so their number is the limit. Pure.
 */
export function countServing(
  tasks: readonly Task[],
  targets: readonly TargetHealthDescription[] | null = null,
): Serving {
  const running = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING');
  const found = targets ?? [];
  const isFound = knowsTasks(found);
  const sick = running.filter(
    (task) => task.healthStatus === 'UNHEALTHY' || (isFound && foundIn(found, task) === false),
  );
  const well = running.filter((task) => !sick.includes(task) && (!isFound || foundIn(found, task) === true));
  const failing = found.find(
    ({ TargetHealth, ...target }) =>
      TargetHealth?.State === 'unhealthy' && sick.some((task) => isTargetOf(target, task)),
  );
  const most = targets === null ? Infinity : statesOf(targets).healthyTargets;
  return {
    healthyTargets: Math.min(well.length, most),
    unhealthyTargets: sick.length,
    failing: failing ?? null,
  };
}

async function targets(
  elb: ElasticLoadBalancingV2Client,
  group: BalancedGroup,
): Promise<readonly TargetHealthDescription[]> {
  const answer = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: group.targetGroupArn }));
  return answer.TargetHealthDescriptions ?? [];
}

function statesOf(targets: readonly TargetHealthDescription[]): Serving {
  const states = targets.map((target) => target.TargetHealth?.State);
  const count = (state: string) => states.filter((found) => found === state).length;
  const failing = targets.find(({ TargetHealth }) => TargetHealth?.State === 'unhealthy') ?? null;
  return { healthyTargets: count('healthy'), unhealthyTargets: count('unhealthy'), failing };
}
