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
  readonly ecs: ECSClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly clusterArn: string;
  readonly serviceName: string;
  readonly canary: Arm;
  readonly stable: Arm;
}

/** One look. Refusals in words. */
export async function lookAtHealth(options: HealthOptions, traffic: Traffic): Promise<Health> {
  const [canary, stable, stopped] = await Promise.all([
    targets(options.elb, options.canary),
    targets(options.elb, options.stable),
    tasksOf(options, 'STOPPED'),
  ]);
  const crashed = (arm: Arm) =>
    stopped
      .filter((task) => task.taskDefinitionArn === arm.taskDefinitionArn)
      .filter((task) => (task.stoppedAt ?? task.createdAt ?? new Date(0)).getTime() >= traffic.startedAt)
      .filter(failedByThemselves)
      .map(stoppedTask)
      .sort((a, b) => (b.stoppedAt ?? 0) - (a.stoppedAt ?? 0));
  return {
    arms: { canary: { ...traffic.canary, ...canary }, stable: { ...traffic.stable, ...stable } },
    crashed: { canary: crashed(options.canary), stable: crashed(options.stable) },
  };
}

async function targets(
  elb: ElasticLoadBalancingV2Client,
  arm: Arm,
): Promise<Pick<ArmHealth, 'healthyTargets' | 'unhealthyTargets'>> {
  const answer = await explained(
    'elasticloadbalancing:DescribeTargetHealth',
    `target group ${arm.targetGroup}`,
    elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: arm.targetGroupArn })),
  );
  const states = (answer.TargetHealthDescriptions ?? []).map((target) => target.TargetHealth?.State);
  const count = (state: string) => states.filter((found) => found === state).length;
  return { healthyTargets: count('healthy'), unhealthyTargets: count('unhealthy') };
}

/** The service's newest hundred tasks in one state: ECS keeps stopped ones for an hour. */
export async function tasksOf(
  { ecs, clusterArn, serviceName }: Pick<HealthOptions, 'ecs' | 'clusterArn' | 'serviceName'>,
  desiredStatus: DesiredStatus,
): Promise<readonly Task[]> {
  const listed = await explained(
    'ecs:ListTasks',
    `service ${serviceName}`,
    ecs.send(new ListTasksCommand({ cluster: clusterArn, serviceName, desiredStatus })),
  );
  if (!listed.taskArns?.length) return [];
  const described = await explained(
    'ecs:DescribeTasks',
    `service ${serviceName}`,
    ecs.send(new DescribeTasksCommand({ cluster: clusterArn, tasks: listed.taskArns })),
  );
  return described.tasks ?? [];
}
