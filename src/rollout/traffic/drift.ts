import type { Service } from '@aws-sdk/client-ecs';
import type { Action, Rule, TargetGroupTuple } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { TargetCounts } from '../../aws/elb/rules-and-targets.ts';
import { nameOfArn } from '../../core/arn.ts';
import { listenerOf } from '../../aws/elb/write-actions.ts';
import { forwardedGroups, shareOf } from '../strategies/canary/listener-rule.ts';

/** The listener rule whose weights ECS moves; `null` for a service without one. Pure. */
export function productionRuleOf({ loadBalancers = [] }: Service): string | null {
  const rule = loadBalancers[0]?.advancedConfiguration?.productionListenerRule;
  return rule?.includes(':listener-rule/') ? rule : null;
}

/** The listener rule of the test traffic; `null` for a service without one. Pure. */
export function testRuleOf({ loadBalancers = [] }: Service): string | null {
  const rule = loadBalancers[0]?.advancedConfiguration?.testListenerRule;
  return rule?.includes(':listener-rule/') ? rule : null;
}

/** The two target groups of a service, between which ECS moves the traffic. Pure. */
export function groupsOf({ loadBalancers = [] }: Service): readonly string[] {
  const { targetGroupArn, advancedConfiguration } = loadBalancers[0] ?? {};
  return [targetGroupArn, advancedConfiguration?.alternateTargetGroupArn].flatMap((arn) => arn ?? []);
}

/** The target groups that a rule gives traffic to. Pure. */
export function weightedGroups(rule: Rule): readonly string[] {
  return forwardedGroups(rule).flatMap(({ targetGroupArn, weight }) => (weight > 0 ? targetGroupArn : []));
}

/**
 * The target groups that are not on the production rule, in words: ECS can shift traffic only
 * between two target groups that are both on it. Pure.
 */
export function groupsOffRule(rule: Rule, targetGroups: readonly string[]): string[] {
  const onRule = new Set(forwardedGroups(rule).map((group) => group.targetGroupArn));
  return targetGroups
    .filter((group) => !onRule.has(group))
    .map(
      (group) =>
        `Target group ${group} is not on the production listener rule ${rule.RuleArn}: its forward action must name both target groups of the service, weighted 100 and 0 (aws elbv2 modify-rule).`,
    );
}

/** Traffic of a listener rule that reaches no task because of the rule's weights. */
export interface LostTraffic {
  readonly rule: Rule;
  /** In percent of the rule's traffic. */
  readonly share: number;
  /** The target groups of the service that have weight and no targets; empty: no group has weight. */
  readonly from: readonly string[];
  /** The target group with the tasks of the service. */
  readonly to: string;
}

/**
 * The traffic of a rule that reaches no task of the service; `null` for none. ECS gives weight only
 * to target groups with tasks, so somebody else changed the weights, or aborted a deployment, which
 * leaves the weights as they are. `null` also when the service has no targets at all, or when they
 * cannot be read. Pure.
 */
export function lostTraffic(
  service: Service,
  rule: Rule,
  targets: ReadonlyMap<string, TargetCounts>,
): LostTraffic | null {
  const own = groupsOf(service);
  const forwarded = forwardedGroups(rule).map(({ targetGroupArn }) => targetGroupArn);
  const to = own.find((group) => (targets.get(group)?.registered ?? 0) > 0);
  if (to === undefined || !forwarded.some((group) => own.includes(group))) return null;
  const weighted = weightedGroups(rule);
  if (weighted.length === 0) return { rule, share: 100, from: [], to };
  const from = weighted.filter((group) => own.includes(group) && targets.get(group)?.registered === 0);
  return from.length === 0 ? null : { rule, share: shareTo(rule, from), from, to };
}

/** The share of a rule's traffic that these target groups get, in percent. Pure. */
export function shareTo(rule: Rule, groups: readonly string[]): number {
  return Math.round(groups.reduce((sum, group) => sum + (shareOf(rule, group) ?? 0), 0) * 10) / 10;
}

/** Lost traffic in words, with the fix. Pure. */
export function lostInWords(lost: LostTraffic, service: Service): string {
  const { rule, share, from, to } = lost;
  const production = rule.RuleArn === productionRuleOf(service);
  const what = `${share}% ${production ? 'of the production traffic reaches no task' : 'of its traffic reaches no task'}`;
  const start = production ? '' : `Listener rule ${rule.RuleArn} also carries requests to the service: `;
  const where =
    from.length === 0
      ? 'gives no target group any weight'
      : `sends it to target group ${from.join(' and ')}, which ${from.length === 1 ? 'has' : 'have'} no targets`;
  const why = production
    ? 'Somebody changed the weights of the rule, or aborted a deployment.'
    : 'ECS moves only the weights of the production listener rule: let this rule redirect to the listener of the production rule, or correct it after each release.';
  return `${start}${what}: listener rule ${rule.RuleArn} ${where}, and the tasks of the service are in ${to}. ${why} ${fixOf(lost, service)}`;
}

/** Only a rule whose one action is to forward is set by a command that fits into a line. */
function fixOf(lost: LostTraffic, service: Service): string {
  const { rule, to } = lost;
  const repair = `\`ecs-ramp reconcile --cluster ${nameOfArn(service.clusterArn ?? 'default')} --service ${service.serviceName} --repair\``;
  if ((rule.Actions ?? []).length !== 1) {
    return `Correct them with ${repair}, which keeps the other actions of the rule; or in the rule's forward action, move the weight to ${to}.`;
  }
  const actions = `'${JSON.stringify(correctedActions(lost))}'`;
  const command = rule.IsDefault
    ? `modify-listener --listener-arn ${listenerOf(rule.RuleArn!)} --default-actions`
    : `modify-rule --rule-arn ${rule.RuleArn} --actions`;
  return `Correct them with ${repair}, or: aws elbv2 ${command} ${actions}`;
}

/**
 * The actions of the rule with the lost weight moved to the target group that has the tasks. Every
 * other action, the weights of other target groups and the stickiness stay as they are. Pure.
 */
export function correctedActions({ rule, from, to }: LostTraffic): Action[] {
  return withGroups(rule, correctedWeights({ rule, from, to }));
}

/** The actions of a rule with other weights for these target groups; all else stays. Pure. */
export function withWeights(rule: Rule, weights: ReadonlyMap<string, number>): Action[] {
  const groups = forwardedGroups(rule).map(({ targetGroupArn, weight }) => ({
    TargetGroupArn: targetGroupArn,
    Weight: weights.get(targetGroupArn) ?? weight,
  }));
  return withGroups(rule, groups);
}

function withGroups(rule: Rule, groups: TargetGroupTuple[]): Action[] {
  return (rule.Actions ?? []).map((action) => {
    if (action.Type === 'forward') {
      // Next to ForwardConfig, AWS accepts TargetGroupArn only for a single group.
      const { TargetGroupArn: _, ...kept } = action;
      return { ...kept, ForwardConfig: { ...action.ForwardConfig, TargetGroups: groups } };
    }
    if (action.AuthenticateOidcConfig === undefined) return action;
    // AWS never returns the secret, and requires it again unless told to keep it.
    const { ClientSecret: _, ...kept } = action.AuthenticateOidcConfig;
    return { ...action, AuthenticateOidcConfig: { ...kept, UseExistingClientSecret: true } };
  });
}

/** The largest weight that AWS accepts. */
const MOST_WEIGHT = 999;

function correctedWeights({ rule, from, to }: Pick<LostTraffic, 'rule' | 'from' | 'to'>) {
  const known = forwardedGroups(rule);
  const groups = known.some(({ targetGroupArn }) => targetGroupArn === to)
    ? known
    : [...known, { targetGroupArn: to, weight: 0 }];
  const isOther = (group: string) => group !== to && !from.includes(group);
  const others = groups.filter(({ targetGroupArn, weight }) => isOther(targetGroupArn) && weight > 0);
  const sum = groups.reduce(
    (all, { targetGroupArn, weight }) => all + (isOther(targetGroupArn) ? 0 : weight),
    0,
  );
  const moved = others.length === 0 ? 100 : sum;
  const scale = Math.min(1, MOST_WEIGHT / moved);
  return groups.map(({ targetGroupArn, weight }) => ({
    TargetGroupArn: targetGroupArn,
    Weight: Math.round(scale * (targetGroupArn === to ? moved : from.includes(targetGroupArn) ? 0 : weight)),
  }));
}

/** Target groups of other services that get a share of the production traffic, in words. Pure. */
export function foreignTraffic(service: Service, rule: Rule): string | null {
  const foreign = weightedGroups(rule).filter((group) => !groupsOf(service).includes(group));
  if (foreign.length === 0) return null;
  return `${shareTo(rule, foreign)}% of the production traffic goes to target group ${foreign.join(' and ')}, which ${foreign.length === 1 ? 'is' : 'are'} not of service ${service.serviceName}: listener rule ${rule.RuleArn} must divide it between ${groupsOf(service).join(' and ')} only. Set the other weights to 0 (aws elbv2 describe-rules --rule-arns ${rule.RuleArn} shows them).`;
}
