import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  type LoadBalancer,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
} from '@aws-sdk/client-ecs';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type Docker from 'dockerode';
import { baseImage } from './base-image.ts';
import { publish } from './publish.ts';

export const SHOP = join(import.meta.dirname, 'shop');

/** The services of the shop; `path` is what the load balancer sends to it, null: it has no port. */
const SERVICES = [
  { name: 'api', path: '/api/*', priority: 10 },
  { name: 'web', path: '/*', priority: 20 },
  { name: 'worker', path: null, priority: null },
] as const;

export type ShopService = (typeof SERVICES)[number]['name'];

/** One more service behind the load balancer: what `path` leads to, and it runs the task definition of `like`. */
export interface Twin {
  readonly name: string;
  readonly like: ShopService;
  readonly path: string;
  readonly priority: number;
}

export interface ExampleStackOptions {
  readonly docker: Docker;
  readonly aws: ExampleClients;
  /** Which of the shop's services; all by default. */
  readonly services?: readonly ShopService[];
  readonly twins?: readonly Twin[];
  readonly network: {
    readonly vpc: string;
    readonly subnets: readonly string[];
    readonly securityGroups: readonly string[];
  };
  readonly roles: {
    /** With AmazonECSInfrastructureRolePolicyForLoadBalancers: with it ECS moves the listener rules' weights. */
    readonly infrastructure: string;
    /** With AmazonECSTaskExecutionRolePolicy: with it ECS pulls images and writes logs. */
    readonly execution: string;
  };
  /** Runs the services on the instances of this capacity provider. By default: on Fargate. */
  readonly instances?: {
    readonly capacityProvider: string;
    readonly taskSize: { readonly cpu: string; readonly memory: string };
  };
  /** Of the listeners. */
  readonly ports: { readonly production: number; readonly test: number };
  /** Told what has been made. */
  readonly onProgress?: (line: string) => void;
}

export interface ExampleClients {
  readonly ecr: ECRClient;
  readonly ecs: ECSClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly logs: CloudWatchLogsClient;
}

export interface ExampleStack {
  readonly cluster: string;
  readonly loadBalancerArn: string;
  /** Host of the load balancer, as AWS names it. */
  readonly host: string;
  readonly services: Readonly<Partial<Record<ShopService, ExampleService>>>;
}

export interface ExampleService {
  readonly serviceArn: string;
  /** Null: not behind the load balancer. */
  readonly productionRuleArn: string | null;
}

/** Clients for an AWS with an address of its own; without options, for AWS as the environment says. */
export function exampleClients(options: ExampleClientOptions = {}): ExampleClients {
  return {
    ecr: new ECRClient(options),
    ecs: new ECSClient(options),
    elb: new ElasticLoadBalancingV2Client(options),
    logs: new CloudWatchLogsClient(options),
  };
}

export interface ExampleClientOptions {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/**
 * Makes everything that the shop needs, from nothing: repositories with the first images, cluster, log groups, task
 * definitions, a load balancer with a production and a test listener, two target groups for each service that has a port,
 * services ready for blue/green deployments. Resolves when version 1 serves. Needs permissions for all of that.
 */
export async function createExampleStack(options: ExampleStackOptions): Promise<ExampleStack> {
  const { aws, ports } = options;
  const progress = options.onProgress ?? (() => {});
  const wanted = SERVICES.filter(({ name }) => options.services?.includes(name) ?? true);

  const cluster = 'shop';
  const { instances } = options;
  await aws.ecs.send(
    new CreateClusterCommand({
      clusterName: cluster,
      ...(instances && { capacityProviders: [instances.capacityProvider] }),
    }),
  );
  const balancer = await createLoadBalancer(options);
  const [production, test] = await Promise.all(
    [ports.production, ports.test].map((port) => createListener(aws.elb, balancer.arn, port)),
  );
  progress(`load balancer with listeners on ports ${ports.production} and ${ports.test} (test)`);

  const listeners = { production: production!, test: test! };

  const services: Partial<Record<ShopService, ExampleService>> = {};
  const made: string[] = [];
  for (const { name, path, priority } of wanted) {
    const image = await firstImage(options, name);
    const taskDefinition = await registerTaskDefinition(options, name, image);
    const traffic =
      path === null
        ? null
        : await createTraffic({ options, name, container: name, path, priority, listeners });
    const serviceArn = await createService({ options, cluster, name, taskDefinition, traffic });
    services[name] = { serviceArn, productionRuleArn: traffic?.productionRuleArn ?? null };
    made.push(serviceArn);
    for (const twin of options.twins?.filter(({ like }) => like === name) ?? []) {
      const traffic = await createTraffic({ options, ...twin, container: name, listeners });
      made.push(await createService({ options, cluster, name: twin.name, taskDefinition, traffic }));
    }
    progress(`service ${name} with ${image}`);
  }
  await Promise.all(made.map((serviceArn) => serving(aws.ecs, cluster, serviceArn)));
  progress('version 1 serves');
  return { cluster, loadBalancerArn: balancer.arn, host: balancer.host, services };
}

async function createLoadBalancer({
  aws,
  network,
}: ExampleStackOptions): Promise<{ arn: string; host: string }> {
  const { LoadBalancers } = await aws.elb.send(
    new CreateLoadBalancerCommand({
      Name: 'shop',
      Type: 'application',
      Scheme: 'internet-facing',
      Subnets: [...network.subnets],
      SecurityGroups: [...network.securityGroups],
    }),
  );
  const { LoadBalancerArn, DNSName } = first(LoadBalancers, 'CreateLoadBalancer');
  return { arn: LoadBalancerArn!, host: DNSName! };
}

async function createListener(elb: ElasticLoadBalancingV2Client, loadBalancerArn: string, port: number) {
  const { Listeners } = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: loadBalancerArn,
      Protocol: 'HTTP',
      Port: port,
      DefaultActions: [
        {
          Type: 'fixed-response',
          FixedResponseConfig: {
            StatusCode: '404',
            ContentType: 'text/plain',
            MessageBody: 'No such service.',
          },
        },
      ],
    }),
  );
  return first(Listeners, 'CreateListener').ListenerArn!;
}

async function firstImage({ aws, docker }: ExampleStackOptions, name: ShopService): Promise<string> {
  const { repository } = await aws.ecr.send(
    new CreateRepositoryCommand({ repositoryName: `shop/${name}`, imageTagMutability: 'IMMUTABLE' }),
  );
  return publish(docker, aws.ecr, {
    repositoryUri: repository!.repositoryUri!,
    tag: 'v1',
    context: join(SHOP, name),
    buildArgs: { NODE_IMAGE: await baseImage(docker), RELEASE: '1' },
  });
}

async function registerTaskDefinition(
  { aws, roles, instances }: ExampleStackOptions,
  name: ShopService,
  image: string,
): Promise<string> {
  await aws.logs.send(new CreateLogGroupCommand({ logGroupName: `/shop/${name}` }));
  const written: RegisterTaskDefinitionCommandInput = JSON.parse(
    await readFile(join(SHOP, name, 'task-definition.json'), 'utf8'),
  );
  const region = await aws.ecs.config.region();
  const { taskDefinition } = await aws.ecs.send(
    new RegisterTaskDefinitionCommand({
      ...written,
      ...(instances && { ...instances.taskSize, requiresCompatibilities: ['EC2'] }),
      executionRoleArn: roles.execution,
      containerDefinitions: written.containerDefinitions!.map((container) => ({
        ...container,
        image,
        logConfiguration: {
          ...container.logConfiguration!,
          options: { ...container.logConfiguration!.options, 'awslogs-region': region },
        },
      })),
    }),
  );
  return taskDefinition!.taskDefinitionArn!;
}

interface Traffic {
  readonly productionRuleArn: string;
  readonly loadBalancer: LoadBalancer;
}

/** Two target groups on one rule of each listener, all weight on the first: ECS needs both there before it deploys. */
async function createTraffic(to: {
  readonly options: ExampleStackOptions;
  readonly name: string;
  readonly container: ShopService;
  readonly path: string;
  readonly priority: number;
  readonly listeners: { readonly production: string; readonly test: string };
}): Promise<Traffic> {
  const { elb } = to.options.aws;
  const groups = await Promise.all(
    ['blue', 'green'].map((colour) => createTargetGroup(to.options, `shop-${to.name}-${colour}`)),
  );
  const [blue, green] = groups;
  const rule = async (listener: string) => {
    const { Rules } = await elb.send(
      new CreateRuleCommand({
        ListenerArn: listener,
        Priority: to.priority,
        Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: [to.path] } }],
        Actions: [
          {
            Type: 'forward',
            ForwardConfig: {
              TargetGroups: groups.map((TargetGroupArn, index) => ({
                TargetGroupArn,
                Weight: index === 0 ? 100 : 0,
              })),
            },
          },
        ],
      }),
    );
    return first(Rules, 'CreateRule').RuleArn!;
  };
  const productionRuleArn = await rule(to.listeners.production);
  const testListenerRule = await rule(to.listeners.test);
  return {
    productionRuleArn,
    loadBalancer: {
      targetGroupArn: blue!,
      containerName: to.container,
      containerPort: 8080,
      advancedConfiguration: {
        alternateTargetGroupArn: green!,
        productionListenerRule: productionRuleArn,
        testListenerRule,
        roleArn: to.options.roles.infrastructure,
      },
    },
  };
}

async function createTargetGroup({ aws, network }: ExampleStackOptions, name: string): Promise<string> {
  const { TargetGroups } = await aws.elb.send(
    new CreateTargetGroupCommand({
      Name: name,
      TargetType: 'ip',
      Protocol: 'HTTP',
      Port: 8080,
      VpcId: network.vpc,
      HealthCheckPath: '/healthz',
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 2,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
    }),
  );
  const { TargetGroupArn } = first(TargetGroups, 'CreateTargetGroup');
  await aws.elb.send(
    new ModifyTargetGroupAttributesCommand({
      TargetGroupArn,
      Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '5' }],
    }),
  );
  return TargetGroupArn!;
}

async function createService(to: {
  readonly options: ExampleStackOptions;
  readonly cluster: string;
  readonly name: string;
  readonly taskDefinition: string;
  readonly traffic: Traffic | null;
}): Promise<string> {
  const { aws, network, instances } = to.options;
  const behindLoadBalancer = to.traffic && {
    loadBalancers: [to.traffic.loadBalancer],
    healthCheckGracePeriodSeconds: 10,
    deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 } as const,
  };
  const { service } = await aws.ecs.send(
    new CreateServiceCommand({
      cluster: to.cluster,
      serviceName: to.name,
      taskDefinition: to.taskDefinition,
      desiredCount: 2,
      ...(instances
        ? { capacityProviderStrategy: [{ capacityProvider: instances.capacityProvider, weight: 1 }] }
        : { launchType: 'FARGATE' }),
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: [...network.subnets],
          securityGroups: [...network.securityGroups],
          // ECS gives no public addresses to tasks on instances.
          ...(!instances && { assignPublicIp: 'ENABLED' }),
        },
      },
      ...behindLoadBalancer,
    }),
  );
  return service!.serviceArn!;
}

/** Waits until the service's first deployment has ended well. */
async function serving(ecs: ECSClient, cluster: string, service: string): Promise<void> {
  for (; ; await sleep(1_000)) {
    const { serviceDeployments } = await ecs.send(new ListServiceDeploymentsCommand({ cluster, service }));
    const [deployment] = serviceDeployments ?? [];
    const { status = 'PENDING', statusReason } = deployment ?? {};
    if (status === 'SUCCESSFUL') return;
    if (status !== 'PENDING' && status !== 'IN_PROGRESS') {
      throw new Error(`${service} does not serve: its deployment is ${status} (${statusReason}).`);
    }
  }
}

function first<T>(answers: readonly T[] | undefined, operation: string): T {
  const answer = answers?.[0];
  if (answer === undefined) throw new Error(`${operation} answered nothing.`);
  return answer;
}
