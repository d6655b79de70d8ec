// Creates a service in the existing cluster `shop`, with its own load balancer and two target groups.
import {
  CreateClusterCommand,
  CreateServiceCommand,
  RegisterTaskDefinitionCommand,
  type CapacityProviderStrategyItem,
  type ContainerDefinition,
  type DeploymentConfiguration,
  type PlacementConstraint,
  type PlacementStrategy,
} from '@aws-sdk/client-ecs';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeRulesCommand,
  ModifyTargetGroupAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Clients } from '../../src/aws/clients.ts';

/** Creates the cluster `shop`. */
export async function createCluster({ ecs }: Pick<Clients, 'ecs'>): Promise<void> {
  await (await ecs()).send(new CreateClusterCommand({ clusterName: 'shop' }));
}

export interface ServiceOptions {
  readonly name: string;
  /** Port of the production listener. */
  readonly port: number;
  readonly account: string;
  /** Family of the task definition and name of its container. Default: the service's name. */
  readonly family?: string;
  /** Image of the first revision. */
  readonly firstImage?: string;
  readonly healthCheckSeconds?: number;
  readonly desiredCount?: number;
  readonly deploymentConfiguration?: DeploymentConfiguration;
  /** Port of the test listener. Default: no test listener. */
  readonly testPort?: number;
  /** `false`: the service names one target group and no listener rule. */
  readonly shifting?: boolean;
  /** Default: on Fargate. */
  readonly launchType?: 'EC2' | 'FARGATE';
  /** Instead of a launch type. */
  readonly capacityProviderStrategy?: CapacityProviderStrategyItem[];
  readonly placementConstraints?: PlacementConstraint[];
  readonly placementStrategy?: PlacementStrategy[];
  readonly task?: TaskSize;
  /** More members of the container of the first revision. */
  readonly firstContainer?: ContainerDefinition;
}

export interface TaskSize {
  /** CPU units and MiB. Default: 256 and 512. */
  readonly cpu?: number;
  readonly memory?: number;
  /** Default: `awsvpc`. With `bridge`, targets are dynamic ports of instances. */
  readonly networkMode?: 'awsvpc' | 'bridge';
  /** Default: with `awsvpc`, Fargate. */
  readonly compatibility?: 'EC2' | 'FARGATE';
}

export async function createService(clients: Clients, options: ServiceOptions) {
  const { name, port, account, family = name, task = {} } = options;
  const isBridge = task.networkMode === 'bridge';
  const [ecs, elb] = await Promise.all([clients.ecs(), clients.elasticLoadBalancing()]);
  const balancer = await elb.send(
    new CreateLoadBalancerCommand({
      Name: name,
      Subnets: ['subnet-a', 'subnet-b'],
    }),
  );
  const loadBalancerArn = balancer.LoadBalancers![0]!.LoadBalancerArn!;
  const group = async (colour: string): Promise<string> => {
    const created = await elb.send(
      new CreateTargetGroupCommand({
        Name: `${name}-${colour}`,
        Protocol: 'HTTP',
        Port: 8080,
        VpcId: 'vpc-1',
        TargetType: isBridge ? 'instance' : 'ip',
        HealthCheckIntervalSeconds: options.healthCheckSeconds ?? 5,
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
  const listen = async (on: number) => {
    const created = await elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: loadBalancerArn,
        Protocol: 'HTTP',
        Port: on,
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
    const listenerArn = created.Listeners![0]!.ListenerArn!;
    const rules = await elb.send(new DescribeRulesCommand({ ListenerArn: listenerArn }));
    return { listenerArn, rule: rules.Rules![0]!.RuleArn! };
  };
  const { listenerArn, rule } = await listen(port);
  const testRule = options.testPort === undefined ? null : (await listen(options.testPort)).rule;
  await ecs.send(
    new CreateServiceCommand({
      cluster: 'shop',
      serviceName: name,
      taskDefinition: await registerTaskDefinition(
        clients,
        family,
        options.firstImage ?? 'v1',
        task,
        options.firstContainer,
      ),
      desiredCount: options.desiredCount ?? 2,
      ...(options.capacityProviderStrategy
        ? { capacityProviderStrategy: options.capacityProviderStrategy }
        : { launchType: options.launchType ?? 'FARGATE' }),
      placementConstraints: options.placementConstraints,
      placementStrategy: options.placementStrategy,
      ...(!isBridge && {
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'] } },
      }),
      deploymentConfiguration: options.deploymentConfiguration ?? {
        strategy: 'BLUE_GREEN',
        bakeTimeInMinutes: 0,
      },
      loadBalancers: [
        {
          targetGroupArn: targetGroups[0],
          containerName: family,
          containerPort: 8080,
          ...(options.shifting !== false && {
            advancedConfiguration: {
              alternateTargetGroupArn: targetGroups[1],
              productionListenerRule: rule,
              ...(testRule !== null && { testListenerRule: testRule }),
              roleArn: `arn:aws:iam::${account}:role/ecs-infrastructure`,
            },
          }),
        },
      ],
    }),
  );
  return { targetGroups, rule, listener: listenerArn };
}

/** Registers a task definition. Its image decides how its tasks behave. Returns the ARN. */
export async function registerTaskDefinition(
  clients: Clients,
  family: string,
  image: string,
  { cpu = 256, memory = 512, networkMode = 'awsvpc', compatibility }: TaskSize = {},
  container: ContainerDefinition = {},
): Promise<string> {
  const client = await clients.ecs();
  const { taskDefinition } = await client.send(
    new RegisterTaskDefinitionCommand({
      family,
      networkMode,
      requiresCompatibilities: [compatibility ?? (networkMode === 'awsvpc' ? 'FARGATE' : 'EC2')],
      cpu: String(cpu),
      memory: String(memory),
      containerDefinitions: [
        { ...container, name: family, image, essential: true, portMappings: [{ containerPort: 8080 }] },
      ],
    }),
  );
  return taskDefinition!.taskDefinitionArn!;
}
