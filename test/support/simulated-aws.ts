import {
  CreateClusterCommand,
  CreateServiceCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeRulesCommand,
  ModifyTargetGroupAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { createCloudWatchLogs } from '../../sandbox/cloudwatch-logs/cloudwatch-logs.ts';
import { createCloudWatch } from '../../sandbox/cloudwatch/cloudwatch.ts';
import { createEcs } from '../../sandbox/ecs/ecs.ts';
import { createElbv2 } from '../../sandbox/elbv2/elbv2.ts';
import { createFaults } from '../../sandbox/faults/faults.ts';
import { GOOD, type Behaviour } from '../../sandbox/simulated/behaviour.ts';
import { createSimulatedTasks } from '../../sandbox/simulated/tasks.ts';
import { createSimulatedTraffic, type Tally } from '../../sandbox/simulated/traffic.ts';
import { createWire, inProcess, knowsOperation, type Wire } from '../../sandbox/wire/wire.ts';
import { createClients, type Clients } from '../../src/aws/clients.ts';
import { HOUR, MINUTE } from '../../src/time/clock.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';

export interface SimulatedAws {
  readonly clock: VirtualClock;
  readonly wire: Wire;
  readonly clients: Clients;
  /** The two target groups of the service; the first serves at the beginning. */
  readonly targetGroups: readonly [string, string];
  readonly rule: string;
  readonly tallies: ReadonlyMap<string, Tally>;
  /** Registers another version; its image decides how it behaves. */
  readonly register: (image: string) => Promise<string>;
  /** Lets time pass until `work` has settled. */
  readonly until: <T>(work: Promise<T>) => Promise<T>;
  close(): Promise<void>;
}

/** AWS in one process on a virtual clock: service `web` of cluster `shop` serves version 1 to simulated users. Same seed, same story. */
export async function createSimulatedAws(options: {
  readonly versions: Readonly<Record<string, Partial<Behaviour>>>;
  readonly rate?: number;
  readonly seed?: number;
}): Promise<SimulatedAws> {
  const clock = createVirtualClock();
  const random = seeded(options.seed ?? 1);
  const cloudWatch = createCloudWatch({ clock, lag: MINUTE });
  const logs = createCloudWatchLogs({ clock });
  const tasks = createSimulatedTasks({
    clock,
    behaviourOf: (image) => ({ ...GOOD, ...options.versions[image] }),
  });
  const traffic = createSimulatedTraffic({
    clock,
    random,
    metrics: cloudWatch.sink,
    at: (target) => tasks.at(target),
    port: 80,
    rate: options.rate ?? 20,
  });
  const elb = createElbv2({
    clock,
    account: ACCOUNT,
    region: REGION,
    dataPlane: traffic,
    metrics: cloudWatch.sink,
  });
  const ecs = createEcs({
    clock,
    account: ACCOUNT,
    region: REGION,
    random,
    loadBalancing: elb.loadBalancing,
    runner: tasks,
    alarms: cloudWatch.alarms,
  });
  const failures: unknown[] = [];
  const wire = createWire({
    services: [ecs.service, elb.service, cloudWatch.service, logs.service],
    faults: createFaults(knowsOperation),
    clock,
    account: ACCOUNT,
    onFailure: (error) => failures.push(error),
  });
  const clients = createClients({
    region: REGION,
    version: 'test',
    overrides: {
      endpoint: 'http://sandbox',
      credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
      requestHandler: inProcess(wire),
      // The SDK's own waiting would be real time.
      retryMode: 'standard',
      maxAttempts: 1,
    },
  });

  async function until<T>(work: Promise<T>): Promise<T> {
    const state = { settled: false };
    const end = () => void (state.settled = true);
    work.then(end, end);
    const began = clock.now();
    while (!state.settled) {
      await clock.advance(1_000);
      if (clock.now() - began > 6 * HOUR) throw new Error('six hours have passed, and it has not ended');
    }
    return work;
  }

  const register = async (image: string): Promise<string> => {
    const client = await clients.ecs();
    const { taskDefinition } = await client.send(
      new RegisterTaskDefinitionCommand({
        family: 'web',
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
        cpu: '256',
        memory: '512',
        containerDefinitions: [
          { name: 'web', image, essential: true, portMappings: [{ containerPort: 8080 }] },
        ],
      }),
    );
    return taskDefinition!.taskDefinitionArn!;
  };
  const stack = await until(createStack(clients, register));
  // Enough history for the latency thresholds.
  await clock.advance(10 * MINUTE);

  return {
    clock,
    wire,
    clients,
    ...stack,
    tallies: traffic.tallies,
    register,
    until,
    async close() {
      await ecs.close();
      await elb.close();
      cloudWatch.close();
      if (failures.length > 0) throw new AggregateError(failures, 'the sandbox failed');
    },
  };
}

async function createStack(clients: Clients, register: (image: string) => Promise<string>) {
  const [ecs, elb] = await Promise.all([clients.ecs(), clients.elasticLoadBalancing()]);
  const balancer = await elb.send(
    new CreateLoadBalancerCommand({ Name: 'shop', Subnets: ['subnet-a', 'subnet-b'] }),
  );
  const loadBalancerArn = balancer.LoadBalancers![0]!.LoadBalancerArn!;
  const group = async (name: string): Promise<string> => {
    const created = await elb.send(
      new CreateTargetGroupCommand({
        Name: name,
        Protocol: 'HTTP',
        Port: 8080,
        VpcId: 'vpc-1',
        TargetType: 'ip',
        HealthCheckIntervalSeconds: 5,
        HealthCheckTimeoutSeconds: 2,
        HealthyThresholdCount: 2,
      }),
    );
    const arn = created.TargetGroups![0]!.TargetGroupArn!;
    await elb.send(
      new ModifyTargetGroupAttributesCommand({
        TargetGroupArn: arn,
        Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '10' }],
      }),
    );
    return arn;
  };
  const targetGroups = [await group('blue'), await group('green')] as const;
  const listener = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: loadBalancerArn,
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: [
        {
          Type: 'forward',
          ForwardConfig: {
            TargetGroups: targetGroups.map((TargetGroupArn, index) => ({
              TargetGroupArn,
              Weight: index === 0 ? 100 : 0,
            })),
          },
        },
      ],
    }),
  );
  const listenerArn = listener.Listeners![0]!.ListenerArn!;
  const rules = await elb.send(new DescribeRulesCommand({ ListenerArn: listenerArn }));
  const rule = rules.Rules![0]!.RuleArn!;
  await ecs.send(new CreateClusterCommand({ clusterName: 'shop' }));
  await ecs.send(
    new CreateServiceCommand({
      cluster: 'shop',
      serviceName: 'web',
      taskDefinition: await register('v1'),
      desiredCount: 2,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'] } },
      deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 },
      loadBalancers: [
        {
          targetGroupArn: targetGroups[0],
          containerName: 'web',
          containerPort: 8080,
          advancedConfiguration: {
            alternateTargetGroupArn: targetGroups[1],
            productionListenerRule: rule,
            roleArn: `arn:aws:iam::${ACCOUNT}:role/ecs-infrastructure`,
          },
        },
      ],
    }),
  );
  return { targetGroups, rule };
}

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
