import type { Task } from '@aws-sdk/client-ecs';
import {
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { explained, mayPass } from '../aws/refusals.ts';
import { describeTasks, taskArns, tasksOf, type Place } from '../tasks/tasks.ts';
import { MINUTE, type Clock } from '../time/clock.ts';
import { SELDOM, seldom } from '../time/seldom.ts';
import type { BalancedGroup } from '../traffic/balanced-group.ts';
import type { Arm, Phase, Traffic } from '../traffic/traffic.ts';
import type { ArmHealth, ArmsHealth, StoppedTask } from '../trail/event.ts';
import { failedByThemselves, stoppedTask } from './stopped-tasks.ts';

/** The signals without CloudWatch's lag: targets and tasks. */
export interface Health {
  readonly arms: ArmsHealth;
  /** Tasks of each arm that ended by themselves since the rollout began, newest first. */
  readonly crashed: { readonly canary: readonly StoppedTask[]; readonly stable: readonly StoppedTask[] };
}

export interface HealthOptions extends Place {
  readonly clock: Clock;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly canary: Arm;
  readonly stable: Arm;
}

export interface HealthReader {
  /** Refusals in words. `closely`: all of it read now; otherwise what nothing speaks against may be some seconds old. */
  look(traffic: Traffic, closely: boolean): Promise<Health>;
}

/** Reads what a look needs, and no more: every call counts against the limits of the whole account. */
export function createHealthReader(options: HealthOptions): HealthReader {
  const { clock } = options;
  const canary = seldom(clock, () => serving(options, options.canary), { mayPass });
  const stable = seldom(clock, () => serving(options, options.stable), { often: MINUTE, mayPass });
  const stopped = seldom(clock, stoppedTasksOf(options), { mayPass });
  let isWell = false;

  return {
    async look(traffic, closely) {
      const isDecided = DECIDED.has(traffic.phase);
      const isShort = traffic.canary.running < traffic.canary.desired;
      const hasTraffic = traffic.percent > 0;
      const crashed = crashesIn(
        await stopped(closely || (isShort && !isDecided)),
        options,
        traffic.startedAt,
      );
      const isSuspect = crashed.canary.length > 0 || (hasTraffic && (isShort || !isWell));
      const canaryTargets = await canary(closely || (isSuspect && !isDecided), isDecided ? MINUTE : SELDOM);
      isWell = canaryTargets.unhealthyTargets === 0 && canaryTargets.healthyTargets > 0;
      // The control: while the canary is well it decides nothing.
      const stableTargets = await stable((hasTraffic && !isWell) || traffic.phase === 'rolled-back');
      return {
        arms: {
          canary: { ...traffic.canary, ...canaryTargets },
          stable: { ...traffic.stable, ...stableTargets },
        },
        crashed,
      };
    },
  };
}

/** ECS is on its way to the end, whatever becomes of the canary. */
const DECIDED: ReadonlySet<Phase> = new Set(['settling', 'rolling-back']);

function crashesIn(
  stopped: readonly Task[],
  options: Pick<HealthOptions, 'canary' | 'stable'>,
  since: number,
): Health['crashed'] {
  const crashed = (arm: Arm) =>
    stopped
      .filter((task) => task.taskDefinitionArn === arm.taskDefinitionArn)
      .filter((task) => (task.stoppedAt ?? task.createdAt ?? new Date(0)).getTime() >= since)
      .filter(failedByThemselves)
      .map(stoppedTask)
      .sort((a, b) => (b.stoppedAt ?? 0) - (a.stoppedAt ?? 0));
  return { canary: crashed(options.canary), stable: crashed(options.stable) };
}

/** What has stopped for good is described once. */
function stoppedTasksOf(options: HealthOptions): () => Promise<readonly Task[]> {
  let known = new Map<string, Task>();
  return async () => {
    const arns = await taskArns(options, 'STOPPED');
    const unknown = arns.filter((arn) => !known.has(arn));
    const tasks = [
      ...arns.flatMap((arn) => known.get(arn) ?? []),
      ...(await describeTasks(options, unknown)),
    ];
    known = new Map(
      tasks.filter(({ lastStatus }) => lastStatus === 'STOPPED').map((task) => [task.taskArn!, task]),
    );
    return tasks;
  };
}

type Counted = Pick<ArmHealth, 'healthyTargets' | 'unhealthyTargets'>;

/** What serves in an arm: its targets, or its tasks where no load balancer knows them. */
async function serving(options: HealthOptions, { taskDefinitionArn, group }: Arm): Promise<Counted> {
  if (group !== null) return targets(options.elb, group);
  const tasks = await tasksOf(options, 'RUNNING');
  return counted(tasks.filter((task) => task.taskDefinitionArn === taskDefinitionArn));
}

/** Pure. A task without a health check is well while it runs. */
export function counted(tasks: readonly Task[]): Counted {
  const running = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING');
  const sick = running.filter(({ healthStatus }) => healthStatus === 'UNHEALTHY');
  return { healthyTargets: running.length - sick.length, unhealthyTargets: sick.length };
}

async function targets(elb: ElasticLoadBalancingV2Client, group: BalancedGroup): Promise<Counted> {
  const answer = await explained(
    'elasticloadbalancing:DescribeTargetHealth',
    `target group ${group.targetGroup}`,
    elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: group.targetGroupArn })),
  );
  const states = (answer.TargetHealthDescriptions ?? []).map((target) => target.TargetHealth?.State);
  const count = (state: string) => states.filter((found) => found === state).length;
  return { healthyTargets: count('healthy'), unhealthyTargets: count('unhealthy') };
}
