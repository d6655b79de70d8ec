import {
  CreateListenerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DeleteListenerCommand,
  DeleteRuleCommand,
  DeleteTargetGroupCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type {
  Action,
  CreateTargetGroupCommandInput,
  Listener,
  Rule,
  TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Place } from '../contract.ts';

export const NOT_HERE: Action = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } };

export function weighted(...groups: readonly (readonly [TargetGroup, number])[]): Action {
  return {
    Type: 'forward',
    ForwardConfig: {
      TargetGroups: groups.map(([{ TargetGroupArn }, Weight]) => ({ TargetGroupArn, Weight })),
    },
  };
}

export async function createTargetGroup(
  { elb, name, network, later }: Place,
  more: Partial<CreateTargetGroupCommandInput> = {},
): Promise<TargetGroup> {
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({
      Name: name('group'),
      TargetType: 'ip',
      Protocol: 'HTTP',
      Port: 8080,
      VpcId: network.vpc,
      ...more,
    }),
  );
  const group = TargetGroups![0]!;
  later(() => elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: group.TargetGroupArn })));
  return group;
}

export async function createListener(
  { elb, loadBalancer, port, later }: Place,
  action: Action = NOT_HERE,
): Promise<Listener> {
  const { Listeners } = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: await loadBalancer(),
      Protocol: 'HTTP',
      Port: port(),
      DefaultActions: [action],
    }),
  );
  const listener = Listeners![0]!;
  later(() => elb.send(new DeleteListenerCommand({ ListenerArn: listener.ListenerArn })));
  return listener;
}

export async function createRule(
  { elb, later }: Place,
  { ListenerArn }: Listener,
  { priority, path, action }: { priority: number; path: string; action: Action },
): Promise<Rule> {
  const { Rules } = await elb.send(
    new CreateRuleCommand({
      ListenerArn,
      Priority: priority,
      Conditions: [{ Field: 'path-pattern', Values: [path] }],
      Actions: [action],
    }),
  );
  const rule = Rules![0]!;
  later(() => elb.send(new DeleteRuleCommand({ RuleArn: rule.RuleArn })));
  return rule;
}
