// Service `worker` of cluster `shop`, without a load balancer. Each task processes messages and
// publishes its counts to CloudWatch by revision.
import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateServiceCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  type CreateServiceCommandInput,
  type DeploymentConfiguration,
  type Task,
} from '@aws-sdk/client-ecs';
import type { CustomMetric } from '../../src/core/request.ts';
import { SECOND } from '../../src/core/time/clock.ts';
import type { SimulatedAws } from './simulated-aws.ts';
import { registerTaskDefinition } from './simulated-service.ts';

export const WORKER = { service: 'worker', cluster: 'shop' } as const;

/** The worker's settings before a rollout. Each rollout must restore them. */
export const OWN_CONFIGURATION: DeploymentConfiguration = {
  strategy: 'ROLLING',
  maximumPercent: 150,
  minimumHealthyPercent: 100,
  deploymentCircuitBreaker: { enable: true, rollback: true },
};

const metric = (name: string) => ({
  namespace: 'Shop/Worker',
  metric: name,
  dimensions: { Revision: '{revision}' },
});

export const FAILED_ORDERS: CustomMetric = {
  name: 'failed orders',
  kind: 'counts',
  bad: [metric('OrdersFailed')],
  total: [metric('Orders')],
};

export interface SimulatedWorker {
  /** Registers a task definition. Its image decides how its tasks behave. Returns the ARN. */
  register(image: string): Promise<string>;
  /** Number of running tasks by revision. */
  running(): Promise<Readonly<Record<string, number>>>;
  described(): ReturnType<typeof describe>;
  close(): void;
}

export interface WorkerOptions {
  readonly desiredCount?: number;
  /** Share of messages that fail, by revision. Default: 0.001. */
  readonly failing?: Readonly<Record<string, number>>;
  /** Messages per second and task. */
  readonly rate?: number;
  /** More settings of the service. By default it is on Fargate. */
  readonly service?: Partial<CreateServiceCommandInput>;
}

const EVERY = 10 * SECOND;

export async function createSimulatedWorker(
  aws: SimulatedAws,
  { desiredCount = 2, failing = {}, rate = 2, service = {} }: WorkerOptions = {},
): Promise<SimulatedWorker> {
  const { bystander, clock } = aws;
  const register = (image: string) => registerTaskDefinition(bystander, 'worker', image);
  const ecs = await bystander.ecs();
  const cloudWatch = await bystander.cloudWatch();
  const first = await register('v1');
  await ecs.send(
    new CreateServiceCommand({
      cluster: WORKER.cluster,
      serviceName: WORKER.service,
      taskDefinition: first,
      desiredCount,
      ...(!service.capacityProviderStrategy && { launchType: 'FARGATE' }),
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'] } },
      deploymentConfiguration: OWN_CONFIGURATION,
      ...service,
    }),
  );
  const fractions = new Map<string, number>();
  let stop = clock.after(EVERY, work);

  function work(): void {
    stop = clock.after(EVERY, work);
    void publish();
  }

  async function publish(): Promise<void> {
    const counts = countBy(
      (await tasks()).filter(({ lastStatus }) => lastStatus === 'RUNNING'),
      revisionOf,
    );
    const data = Object.entries(counts).flatMap(([revision, number]) => {
      const all = (number * rate * EVERY) / SECOND;
      const bad = (fractions.get(revision) ?? 0) + all * (failing[revision] ?? 0.001);
      fractions.set(revision, bad - Math.floor(bad));
      return [
        { MetricName: 'Orders', Value: all, revision },
        { MetricName: 'OrdersFailed', Value: Math.floor(bad), revision },
      ];
    });
    if (data.length === 0) return;
    const at = new Date(clock.now());
    const MetricData = data.map(({ revision, ...datum }) => ({
      ...datum,
      Timestamp: at,
      Dimensions: [{ Name: 'Revision', Value: revision }],
    }));
    await cloudWatch.send(new PutMetricDataCommand({ Namespace: 'Shop/Worker', MetricData }));
  }

  async function tasks(): Promise<readonly Task[]> {
    const { cluster, service: serviceName } = WORKER;
    const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster, serviceName }));
    if (taskArns.length === 0) return [];
    return (await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }))).tasks ?? [];
  }

  return {
    register,
    running: async () => countBy(await tasks(), revisionOf),
    described: () => describe(aws),
    close: () => stop(),
  };
}

async function describe({ bystander }: SimulatedAws) {
  const ecs = await bystander.ecs();
  const { services } = await ecs.send(
    new DescribeServicesCommand({ cluster: WORKER.cluster, services: [WORKER.service], include: ['TAGS'] }),
  );
  return services![0]!;
}

const revisionOf = ({ taskDefinitionArn = '' }: Task): string => taskDefinitionArn.split(':').at(-1)!;

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
}
