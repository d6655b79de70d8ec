import {
  DescribeTasksCommand,
  ListTasksCommand,
  type DesiredStatus,
  type ECSClient,
  type Task,
} from '@aws-sdk/client-ecs';
import {
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { explained } from '../aws/refusals.ts';
import { MINUTE, type Clock } from '../time/clock.ts';
import { seldom } from '../time/seldom.ts';
import type { Arm, Traffic } from '../traffic/traffic.ts';
import type { ArmHealth, ArmsHealth, StoppedTask } from '../trail/event.ts';
import { failedByThemselves, stoppedTask } from './stopped-tasks.ts';

/** The signals without CloudWatch's lag: targets and tasks. */
export interface Health {
  readonly arms: ArmsHealth;
  /** Tasks of each arm that ended by themselves since the rollout began, newest first. */
  readonly crashed: { readonly canary: readonly StoppedTask[]; readonly stable: readonly StoppedTask[] };
}

export interface HealthOptions {
  readonly clock: Clock;
  readonly ecs: ECSClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly clusterArn: string;
  readonly serviceName: string;
  readonly canary: Arm;
  readonly stable: Arm;
}

export interface HealthReader {
  /** Refusals in words. `closely`: all of it read now; otherwise what nothing speaks against may be some seconds old. */
  look(traffic: Traffic, closely: boolean): Promise<Health>;
}

/** Reads what a look needs, and no more: every call counts against the limits of the whole account. */
export function createHealthReader(options: HealthOptions): HealthReader {
  const { clock, elb } = options;
  const canary = seldom(clock, () => targets(elb, options.canary));
  const stable = seldom(clock, () => targets(elb, options.stable), MINUTE);
  const stopped = seldom(clock, stoppedTasksOf(options));
  let isWell = false;

  return {
    async look(traffic, closely) {
      const isShort = traffic.canary.running < traffic.canary.desired;
      const hasTraffic = traffic.percent > 0;
      const crashed = crashesIn(await stopped(closely || isShort), options, traffic.startedAt);
      const isSuspect = crashed.canary.length > 0 || (hasTraffic && (isShort || !isWell));
      const canaryTargets = await canary(closely || isSuspect);
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

async function targets(elb: ElasticLoadBalancingV2Client, { group }: Arm): Promise<Counted> {
  if (group === null) return { healthyTargets: 0, unhealthyTargets: 0 };
  const answer = await explained(
    'elasticloadbalancing:DescribeTargetHealth',
    `target group ${group.targetGroup}`,
    elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: group.targetGroupArn })),
  );
  const states = (answer.TargetHealthDescriptions ?? []).map((target) => target.TargetHealth?.State);
  const count = (state: string) => states.filter((found) => found === state).length;
  return { healthyTargets: count('healthy'), unhealthyTargets: count('unhealthy') };
}

/** The service's newest hundred tasks in one state: ECS keeps stopped ones for an hour. */
export async function tasksOf(place: Place, desiredStatus: DesiredStatus): Promise<readonly Task[]> {
  return describeTasks(place, await taskArns(place, desiredStatus));
}

type Place = Pick<HealthOptions, 'ecs' | 'clusterArn' | 'serviceName'>;

async function taskArns(
  { ecs, clusterArn, serviceName }: Place,
  desiredStatus: DesiredStatus,
): Promise<readonly string[]> {
  const listed = await explained(
    'ecs:ListTasks',
    `service ${serviceName}`,
    ecs.send(new ListTasksCommand({ cluster: clusterArn, serviceName, desiredStatus })),
  );
  return listed.taskArns ?? [];
}

async function describeTasks(
  { ecs, clusterArn, serviceName }: Place,
  arns: readonly string[],
): Promise<readonly Task[]> {
  if (arns.length === 0) return [];
  const described = await explained(
    'ecs:DescribeTasks',
    `service ${serviceName}`,
    ecs.send(new DescribeTasksCommand({ cluster: clusterArn, tasks: [...arns] })),
  );
  return described.tasks ?? [];
}
