// The load balancer of service `web` as somebody with the AWS CLI sees and changes it.
import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import {
  CreateListenerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeRulesCommand,
  DescribeTargetHealthCommand,
  ModifyListenerCommand,
  type Action,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { DeployedSandbox } from '../../../support/deployed-sandbox.ts';
import { call, type Called } from '../../cli/calls.ts';

export const DIRTY = 4;

export interface BalancedWeb {
  /** The production listener rule. */
  readonly rule: string;
  /** The target group with the tasks. */
  readonly used: string;
  readonly empty: string;
}

export async function balancedWeb({ bystander }: DeployedSandbox): Promise<BalancedWeb> {
  const [ecs, elb] = await Promise.all([bystander.ecs(), bystander.elasticLoadBalancing()]);
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['web'] }));
  const entry = services![0]!.loadBalancers![0]!;
  const { productionListenerRule: rule, alternateTargetGroupArn: other } = entry.advancedConfiguration!;
  const groups = [entry.targetGroupArn!, other!];
  const counts = await Promise.all(
    groups.map(async (TargetGroupArn) => {
      const health = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
      return health.TargetHealthDescriptions!.length;
    }),
  );
  const [used, empty] = counts[0]! > 0 ? groups : groups.toReversed();
  return { rule: rule!, used: used!, empty: empty! };
}

/** A forward action with a weight for each target group. */
export function forward(weights: Readonly<Record<string, number>>): Action {
  const TargetGroups = Object.entries(weights).map(([TargetGroupArn, Weight]) => ({
    TargetGroupArn,
    Weight,
  }));
  return { Type: 'forward', ForwardConfig: { TargetGroups } };
}

/** Replaces the actions of the production rule, which is the default rule of its listener. */
export async function setActions(
  { bystander, listener }: DeployedSandbox,
  ...DefaultActions: Action[]
): Promise<void> {
  const elb = await bystander.elasticLoadBalancing();
  await elb.send(new ModifyListenerCommand({ ListenerArn: listener, DefaultActions }));
}

export async function ruleNamed({ bystander }: DeployedSandbox, arn: string): Promise<Rule> {
  const elb = await bystander.elasticLoadBalancing();
  return (await elb.send(new DescribeRulesCommand({ RuleArns: [arn] }))).Rules![0]!;
}

/** Another rule of the production listener. Returns its ARN. */
export async function createRule(
  { bystander, listener }: DeployedSandbox,
  ...Actions: Action[]
): Promise<string> {
  const elb = await bystander.elasticLoadBalancing();
  const created = await elb.send(
    new CreateRuleCommand({
      ListenerArn: listener,
      Priority: 7,
      Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/api/*'] } }],
      Actions,
    }),
  );
  return created.Rules![0]!.RuleArn!;
}

/** Another listener of the same load balancer. Returns the ARN of its default rule. */
export async function createListener(
  { bystander, listener }: DeployedSandbox,
  Port: number,
  ...DefaultActions: Action[]
): Promise<string> {
  const elb = await bystander.elasticLoadBalancing();
  const LoadBalancerArn = listener.replace(':listener/', ':loadbalancer/').split('/').slice(0, -1).join('/');
  const created = await elb.send(
    new CreateListenerCommand({ LoadBalancerArn, Port, Protocol: 'HTTP', DefaultActions }),
  );
  const described = await elb.send(
    new DescribeRulesCommand({ ListenerArn: created.Listeners![0]!.ListenerArn }),
  );
  return described.Rules![0]!.RuleArn!;
}

/** A target group without targets that belongs to no service. */
export async function createGroup({ bystander }: DeployedSandbox, Name: string): Promise<string> {
  const elb = await bystander.elasticLoadBalancing();
  const created = await elb.send(
    new CreateTargetGroupCommand({ Name, Protocol: 'HTTP', Port: 80, VpcId: 'vpc-1', TargetType: 'ip' }),
  );
  return created.TargetGroups![0]!.TargetGroupArn!;
}

/** Calls the CLI for service `web`. */
export function run(sandbox: DeployedSandbox, ...args: string[]): Promise<Called> {
  const { until, clock, clients } = sandbox;
  return until(
    call([...args, '--cluster', 'shop', '--service', 'web'], {
      env: { AWS_REGION: 'eu-west-1' },
      clock,
      clients,
    }),
  );
}

/** The drift that `status` reports, after checking that it agrees with `reconcile`. */
export async function driftOf(sandbox: DeployedSandbox): Promise<string | null> {
  const status = await run(sandbox, 'status', '--json');
  const [{ drift }]: [{ drift: string | null }] = JSON.parse(status.stdout);
  const reconciled = await run(sandbox, 'reconcile', '--dry-run');
  const codes = drift === null ? [0, 0] : [DIRTY, DIRTY];
  const agreed = [status.code, reconciled.code];
  if (agreed.join() !== codes.join()) throw new Error(`exit codes ${agreed.join()} with drift ${drift}`);
  return drift;
}
