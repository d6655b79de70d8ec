import type {
  Action,
  CreateRuleInput,
  DescribeRulesInput,
  DescribeRulesOutput,
  ModifyRuleInput,
  Rule,
  SetRulePrioritiesInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../wire/service.ts';
import { parseActions } from './actions.ts';
import { parseConditions } from './conditions.ts';
import { integer, invalid, page, required } from './parameters.ts';
import type { Publisher } from './publisher.ts';
import { findListener, findRule, forwardedTo, rulesOf } from './world.ts';
import type { RuleRecord, World } from './world.ts';

const PRIORITIES = [1, 50_000] as const;

export function createRule(world: World, input: CreateRuleInput): RuleRecord {
  const listener = findListener(world, required(input.ListenerArn, 'listenerArn'));
  const priority = integer(required(input.Priority, 'priority'), 'priority', PRIORITIES);
  const conditions = parseConditions(input.Conditions);
  const actions = parseActions(world, input.Actions, listener.loadBalancerArn);
  if (rulesOf(world, listener.arn).some((rule) => rule.priority === priority)) throw priorityInUse(priority);

  const arn = world.newArn(`listener-rule/${listener.arn.split(':listener/')[1]!}`);
  const rule: RuleRecord = {
    arn,
    listenerArn: listener.arn,
    priority,
    conditions,
    actions,
    serving: actions,
  };
  world.rules.set(arn, rule);
  return rule;
}

/** Replaces conditions and actions completely, if given. */
export function modifyRule(world: World, publisher: Publisher, input: ModifyRuleInput): RuleRecord {
  const rule = ownRule(world, input.RuleArn, 'modified');
  const { loadBalancerArn } = findListener(world, rule.listenerArn);
  const conditions = input.Conditions && parseConditions(input.Conditions);
  const actions = input.Actions && parseActions(world, input.Actions, loadBalancerArn);
  if (conditions) rule.conditions = conditions;
  if (actions) changeActions(world, publisher, { rule, actions });
  return rule;
}

export function deleteRule(world: World, arn: string | undefined): void {
  const rule = ownRule(world, arn, 'deleted');
  world.rules.delete(rule.arn);
  world.tags.delete(rule.arn);
}

/** Changes all priorities or none. */
export function setRulePriorities(world: World, input: SetRulePrioritiesInput): RuleRecord[] {
  const wanted = new Map(
    required(input.RulePriorities, 'rulePriorities').map(({ RuleArn, Priority }) => [
      ownRule(world, RuleArn, 'given a priority'),
      integer(required(Priority, 'priority'), 'priority', PRIORITIES),
    ]),
  );
  for (const listenerArn of new Set([...wanted.keys()].map((rule) => rule.listenerArn))) {
    const taken = new Set<number>();
    for (const rule of rulesOf(world, listenerArn)) {
      const priority = wanted.get(rule) ?? rule.priority;
      if (priority === null) continue;
      if (taken.has(priority)) throw priorityInUse(priority);
      taken.add(priority);
    }
  }
  for (const [rule, priority] of wanted) rule.priority = priority;
  return [...wanted.keys()];
}

/** Describes the new actions at once; the data plane gets them after the propagation delay. */
export function changeActions(
  world: World,
  publisher: Publisher,
  { rule, actions }: { readonly rule: RuleRecord; readonly actions: Action[] },
): void {
  rule.actions = actions;
  const serve = () => {
    rule.serving = actions;
    void publisher.publish();
  };
  if (world.propagation === 0) serve();
  else world.clock.after(world.propagation, serve);
}

/** Sets the weights of target groups in the forward action; others are unchanged. */
export function reweigh(rule: RuleRecord, weights: ReadonlyMap<string, number>): Action[] {
  const groups = forwardedTo(rule.actions);
  for (const arn of weights.keys()) {
    if (!groups.some(({ TargetGroupArn }) => TargetGroupArn === arn)) {
      throw invalid(`Target group '${arn}' is not in the forward action of rule '${rule.arn}'`);
    }
  }
  return addWeights(rule, weights);
}

/** The actions of a rule with these weights; adds the target groups that are missing. */
export function addWeights(rule: RuleRecord, weights: ReadonlyMap<string, number>): Action[] {
  for (const weight of weights.values()) integer(weight, 'weight', [0, 999]);
  const before = new Map(
    forwardedTo(rule.actions).map(({ TargetGroupArn, Weight }) => [TargetGroupArn!, Weight]),
  );
  const TargetGroups = [...new Map([...before, ...weights])].map(([TargetGroupArn, Weight]) => ({
    TargetGroupArn,
    Weight,
  }));
  return rule.actions.map(({ TargetGroupArn: single, ...action }) =>
    action.Type === 'forward'
      ? { ...action, ForwardConfig: { ...action.ForwardConfig, TargetGroups } }
      : { ...action, ...(single && { TargetGroupArn: single }) },
  );
}

export function describeRule({ arn, priority, conditions, actions }: RuleRecord): Rule {
  return {
    RuleArn: arn,
    Priority: priority === null ? 'default' : String(priority),
    Conditions: conditions,
    Actions: actions,
    IsDefault: priority === null,
  };
}

export function describeRules(world: World, input: DescribeRulesInput): DescribeRulesOutput {
  const { RuleArns: arns, ListenerArn: listenerArn } = input;
  if (!arns?.length && !listenerArn)
    throw invalid('You must specify either listener rule ARNs or a listener ARN');
  const found = arns?.length
    ? arns.map((arn) => findRule(world, arn))
    : rulesOf(world, findListener(world, listenerArn!).arn);
  const { shown, NextMarker } = page(found, input);
  return { Rules: shown.map(describeRule), NextMarker };
}

function ownRule(world: World, arn: string | undefined, verb: string): RuleRecord {
  const rule = findRule(world, required(arn, 'ruleArn'));
  if (rule.priority !== null) return rule;
  throw new AwsError('OperationNotPermitted', `Default rule '${arn}' cannot be ${verb}`);
}

function priorityInUse(priority: number): AwsError {
  return new AwsError('PriorityInUse', `Priority '${priority}' is currently in use`);
}
