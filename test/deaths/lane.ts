// A lane is a service with users. One death after another runs on it, beside those on other lanes.
import {
  CreateServiceCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ListServiceDeploymentsCommand,
  RegisterTaskDefinitionCommand,
  type Service,
} from '@aws-sdk/client-ecs';
import {
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeRulesCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeListenersCommand,
  ModifyTargetGroupAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { startLoad, type Load } from '../demo/load.ts';
import type { LiveSandbox } from '../support/live-sandbox.ts';

export interface Lane {
  readonly service: string;
  /** URL that its users request. */
  readonly url: string;
  close(): Promise<void>;
}

/** Requests of users per second. */
const RATE = 50;

/** Two tasks with these CPU units, on dynamic ports of the instances of a capacity provider. */
export interface OnInstances {
  readonly capacityProvider: string;
  readonly cpu: number;
}

/** Creates a service like `web` on its own path, and waits until it serves. Default: on Fargate. */
export async function openLane(
  sandbox: LiveSandbox,
  number: number,
  instances: OnInstances | null = null,
): Promise<Lane> {
  const service = `lane-${number}`;
  const { ecs } = sandbox.aws;
  const web = await serviceNamed(sandbox, 'web');
  const [balancer] = web.loadBalancers!;
  const groups = await Promise.all(
    ['blue', 'green'].map((colour) =>
      groupLike(sandbox, balancer!.targetGroupArn!, {
        name: `shop-${service}-${colour}`,
        type: instances ? 'instance' : 'ip',
      }),
    ),
  );
  const [productionRule, testRule] = await rules(sandbox, number, groups);
  await ecs.send(
    new CreateServiceCommand({
      cluster: 'shop',
      serviceName: service,
      ...(instances
        ? {
            taskDefinition: await bridgedLike(sandbox, web.taskDefinition!, instances),
            desiredCount: 2,
            capacityProviderStrategy: [{ capacityProvider: instances.capacityProvider, weight: 1 }],
          }
        : {
            taskDefinition: web.taskDefinition,
            desiredCount: 1,
            launchType: 'FARGATE',
            networkConfiguration: web.networkConfiguration,
          }),
      healthCheckGracePeriodSeconds: 10,
      deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 },
      loadBalancers: [
        {
          ...balancer,
          targetGroupArn: groups[0]!,
          advancedConfiguration: {
            ...balancer!.advancedConfiguration!,
            alternateTargetGroupArn: groups[1]!,
            productionListenerRule: productionRule!,
            testListenerRule: testRule!,
          },
        },
      ],
    }),
  );
  while (await isDeploying(sandbox, service)) await new Promise((resolve) => setTimeout(resolve, 500));
  const url = `${sandbox.productionUrl}/${service}`;
  const load: Load = startLoad({ url, rate: RATE });
  return { service, url, close: () => load.stop() };
}

export async function serviceNamed({ aws }: LiveSandbox, name: string): Promise<Service> {
  const { services } = await aws.ecs.send(
    new DescribeServicesCommand({ cluster: 'shop', services: [name], include: ['TAGS'] }),
  );
  return services![0]!;
}

export async function isDeploying({ aws }: LiveSandbox, service: string): Promise<boolean> {
  const { serviceDeployments = [] } = await aws.ecs.send(
    new ListServiceDeploymentsCommand({ cluster: 'shop', service }),
  );
  return serviceDeployments.some(({ status = '' }) => !OVER.has(status));
}

const OVER = new Set(['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED']);

/** Registers the task definition with network mode `bridge` and host port 0. Returns its ARN. */
async function bridgedLike({ aws }: LiveSandbox, arn: string, { cpu }: OnInstances): Promise<string> {
  const { taskDefinition } = await aws.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
  const { family, executionRoleArn, memory, containerDefinitions } = taskDefinition!;
  const made = await aws.ecs.send(
    new RegisterTaskDefinitionCommand({
      family: `${family}-on-instances`,
      networkMode: 'bridge',
      requiresCompatibilities: ['EC2'],
      executionRoleArn,
      cpu: String(cpu),
      memory,
      containerDefinitions: containerDefinitions!.map((container) => ({
        ...container,
        portMappings: container.portMappings!.map(({ containerPort }) => ({ containerPort, hostPort: 0 })),
      })),
    }),
  );
  return made.taskDefinition!.taskDefinitionArn!;
}

async function groupLike(
  { aws }: LiveSandbox,
  arn: string,
  { name, type }: { name: string; type: 'ip' | 'instance' },
): Promise<string> {
  const { elb } = aws;
  const [{ TargetGroups }, { Attributes }] = await Promise.all([
    elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] })),
    elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn })),
  ]);
  const { TargetGroupArn: _arn, LoadBalancerArns: _on, TargetGroupName: _name, ...like } = TargetGroups![0]!;
  const made = await elb.send(new CreateTargetGroupCommand({ ...like, Name: name, TargetType: type }));
  const { TargetGroupArn } = made.TargetGroups![0]!;
  await elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }));
  return TargetGroupArn!;
}

/** Creates the rules on the production listener and on the test listener. Returns their ARNs. */
async function rules(
  { aws, stack }: LiveSandbox,
  number: number,
  groups: readonly string[],
): Promise<readonly string[]> {
  const { elb } = aws;
  const production = stack.services.web!.productionRuleArn!;
  const { Listeners } = await elb.send(
    new DescribeListenersCommand({ LoadBalancerArn: stack.loadBalancerArn }),
  );
  const made: { readonly rule: string; readonly isProduction: boolean }[] = [];
  for (const { ListenerArn } of Listeners!) {
    const { Rules } = await elb.send(new DescribeRulesCommand({ ListenerArn }));
    const created = await elb.send(
      new CreateRuleCommand({
        ListenerArn,
        Priority: number,
        Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: [`/lane-${number}`] } }],
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
    const isProduction = Rules!.some(({ RuleArn }) => RuleArn === production);
    made.push({ rule: created.Rules![0]!.RuleArn!, isProduction });
  }
  return made.toSorted((a, b) => Number(b.isProduction) - Number(a.isProduction)).map(({ rule }) => rule);
}
