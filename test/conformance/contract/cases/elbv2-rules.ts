import { deepEqual, equal, ok, partialDeepStrictEqual } from 'node:assert/strict';
import {
  CreateListenerCommand,
  DeleteRuleCommand,
  DescribeListenersCommand,
  DescribeRulesCommand,
  ModifyListenerCommand,
  ModifyRuleCommand,
  SetRulePrioritiesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Listener, Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ContractCase, Place } from '../contract.ts';
import { refused } from '../contract.ts';
import { createListener, createRule, createTargetGroup, NOT_HERE, weighted } from './elbv2-parts.ts';

const gone = (arn: string) => arn.replace(/[^/]+$/, '0123456789abcdef');

export const ruleCases: readonly ContractCase[] = [
  {
    name: 'elbv2: a listener has a default rule with its default actions',
    async run(place) {
      const listener = await createListener(place);
      const [rule, ...others] = await rulesOf(place, listener);
      deepEqual(others, []);
      partialDeepStrictEqual(rule, { Priority: 'default', IsDefault: true, Conditions: [] });
      partialDeepStrictEqual(rule!.Actions, [NOT_HERE]);
    },
  },
  {
    name: 'elbv2: a port of a load balancer can only have one listener',
    async run(place) {
      const { Port } = await createListener(place);
      await refused(
        'DuplicateListenerException',
        place.elb.send(
          new CreateListenerCommand({
            LoadBalancerArn: await place.loadBalancer(),
            Protocol: 'HTTP',
            Port,
            DefaultActions: [NOT_HERE],
          }),
        ),
      );
    },
    differs: {
      moto: {
        why: 'allows several listeners on a port; the model has an error for this',
        seen: 'expected DuplicateListenerException, got',
      },
    },
  },
  {
    name: 'elbv2: a missing listener or rule is refused',
    async run(place) {
      const listener = await createListener(place);
      const [rule] = await rulesOf(place, listener);
      await refused(
        'ListenerNotFoundException',
        place.elb.send(new DescribeListenersCommand({ ListenerArns: [gone(listener.ListenerArn!)] })),
      );
      await refused(
        'RuleNotFoundException',
        place.elb.send(new DescribeRulesCommand({ RuleArns: [gone(rule!.RuleArn!)] })),
      );
      await refused(
        'RuleNotFoundException',
        place.elb.send(new ModifyRuleCommand({ RuleArn: gone(rule!.RuleArn!), Actions: [NOT_HERE] })),
      );
    },
  },
  {
    name: 'elbv2: ModifyListener changes the default rule',
    async run(place) {
      const listener = await createListener(place);
      const [blue, green] = [await createTargetGroup(place), await createTargetGroup(place)];
      place.later(() => modifyListener(place, listener));
      await place.elb.send(
        new ModifyListenerCommand({
          ListenerArn: listener.ListenerArn,
          DefaultActions: [weighted([blue, 90], [green, 10])],
        }),
      );
      deepEqual(weightsOf((await rulesOf(place, listener))[0]), [
        [blue.TargetGroupArn, 90],
        [green.TargetGroupArn, 10],
      ]);
    },
  },
  {
    name: 'elbv2: ModifyRule and DeleteRule refuse the default rule',
    async run(place) {
      const listener = await createListener(place);
      const RuleArn = (await rulesOf(place, listener))[0]!.RuleArn;
      await refused(
        'OperationNotPermittedException',
        place.elb.send(new ModifyRuleCommand({ RuleArn, Actions: [NOT_HERE] })),
      );
      await refused('OperationNotPermittedException', place.elb.send(new DeleteRuleCommand({ RuleArn })));
    },
    differs: {
      moto: {
        why: 'changes it like any other rule; AWS documents ModifyListener for it',
        seen: 'expected OperationNotPermittedException, got',
      },
    },
  },
  {
    name: 'elbv2: a rule keeps its weights in order, without stickiness',
    async run(place) {
      const listener = await createListener(place);
      const [blue, green] = [await createTargetGroup(place), await createTargetGroup(place)];
      const { RuleArn } = await createRule(place, listener, {
        priority: 10,
        path: '/*',
        action: weighted([blue, 100], [green, 0]),
      });
      const { Rules } = await place.elb.send(new DescribeRulesCommand({ RuleArns: [RuleArn!] }));
      deepEqual(weightsOf(Rules![0]), [
        [blue.TargetGroupArn, 100],
        [green.TargetGroupArn, 0],
      ]);
      equal(Rules![0]!.Actions![0]!.ForwardConfig!.TargetGroupStickinessConfig!.Enabled, false);
      partialDeepStrictEqual(Rules![0]!.Conditions, [{ Field: 'path-pattern', Values: ['/*'] }]);
    },
  },
  {
    name: 'elbv2: ModifyRule replaces all actions and keeps the conditions',
    async run(place) {
      const listener = await createListener(place);
      const [blue, green] = [await createTargetGroup(place), await createTargetGroup(place)];
      const { RuleArn } = await createRule(place, listener, {
        priority: 10,
        path: '/shop/*',
        action: weighted([blue, 100], [green, 0]),
      });
      await place.elb.send(new ModifyRuleCommand({ RuleArn, Actions: [weighted([green, 1])] }));
      const { Rules } = await place.elb.send(new DescribeRulesCommand({ RuleArns: [RuleArn!] }));
      deepEqual(weightsOf(Rules![0]), [[green.TargetGroupArn, 1]]);
      deepEqual(Rules![0]!.Conditions![0]!.Values, ['/shop/*']);
    },
  },
  {
    name: 'elbv2: rules have the given priorities and can exchange them',
    async run(place) {
      const listener = await createListener(place);
      const late = await createRule(place, listener, { priority: 20, path: '/late', action: NOT_HERE });
      const soon = await createRule(place, listener, { priority: 5, path: '/soon', action: NOT_HERE });
      const priorities = async () =>
        Object.fromEntries(
          (await rulesOf(place, listener)).map(({ RuleArn, Priority }) => [RuleArn, Priority]),
        );
      partialDeepStrictEqual(await priorities(), { [late.RuleArn!]: '20', [soon.RuleArn!]: '5' });
      await place.elb.send(
        new SetRulePrioritiesCommand({
          RulePriorities: [
            { RuleArn: late.RuleArn, Priority: 5 },
            { RuleArn: soon.RuleArn, Priority: 20 },
          ],
        }),
      );
      partialDeepStrictEqual(await priorities(), { [late.RuleArn!]: '5', [soon.RuleArn!]: '20' });
    },
    differs: {
      moto: {
        why: 'cannot exchange two priorities; AWS sets all given priorities in one step',
        seen: 'The specified priority is in use',
      },
    },
  },
  {
    name: 'elbv2: two rules cannot have the same priority',
    async run(place) {
      const listener = await createListener(place);
      await createRule(place, listener, { priority: 10, path: '/a', action: NOT_HERE });
      await refused(
        'PriorityInUseException',
        createRule(place, listener, { priority: 10, path: '/b', action: NOT_HERE }),
      );
    },
  },
  {
    name: 'elbv2: a forward action has weights up to 999 and at most five target groups',
    async run(place) {
      const listener = await createListener(place);
      const groups = [await createTargetGroup(place)];
      await refused(
        null,
        createRule(place, listener, { priority: 1, path: '/a', action: weighted([groups[0]!, 1000]) }),
      );
      while (groups.length < 6) groups.push(await createTargetGroup(place));
      await refused(
        null,
        createRule(place, listener, {
          priority: 1,
          path: '/a',
          action: weighted(...groups.map((group) => [group, 1] as const)),
        }),
      );
    },
    differs: {
      moto: {
        why: 'accepts any weight and any number; AWS documents 0 to 999 and five',
        seen: 'expected a refusal, got',
      },
    },
  },
  {
    name: 'elbv2: a deleted rule no longer exists',
    async run(place) {
      const listener = await createListener(place);
      const { RuleArn } = await createRule(place, listener, { priority: 10, path: '/a', action: NOT_HERE });
      await place.elb.send(new DeleteRuleCommand({ RuleArn }));
      equal((await rulesOf(place, listener)).length, 1);
      await refused(
        'RuleNotFoundException',
        place.elb.send(new DescribeRulesCommand({ RuleArns: [RuleArn!] })),
      );
    },
  },
  {
    name: 'elbv2: a rule can only forward to existing target groups',
    async run(place) {
      const listener = await createListener(place);
      const group = await createTargetGroup(place);
      const TargetGroupArn = gone(group.TargetGroupArn!);
      await refused(
        'TargetGroupNotFoundException',
        createRule(place, listener, {
          priority: 10,
          path: '/a',
          action: weighted([{ ...group, TargetGroupArn }, 1]),
        }),
      );
    },
  },
];

async function rulesOf({ elb }: Place, { ListenerArn }: Listener): Promise<readonly Rule[]> {
  const { Rules } = await elb.send(new DescribeRulesCommand({ ListenerArn }));
  ok(Rules !== undefined);
  return Rules;
}

const modifyListener = ({ elb }: Place, { ListenerArn }: Listener) =>
  elb.send(new ModifyListenerCommand({ ListenerArn, DefaultActions: [NOT_HERE] }));

const weightsOf = (rule: Rule | undefined) =>
  rule?.Actions?.[0]?.ForwardConfig?.TargetGroups?.map(({ TargetGroupArn, Weight }) => [
    TargetGroupArn,
    Weight,
  ]);
