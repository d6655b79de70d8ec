import type { Service } from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2Client, Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import { readRules, readTargets, type TargetCounts } from '../../aws/elb/rules-and-targets.ts';
import { forwardedGroups, listenerOf, shareOf } from '../strategies/canary/listener-rule.ts';

/** The listener rule whose weights ECS moves; `null` for a service without one. Pure. */
export function productionRuleOf({ loadBalancers = [] }: Service): string | null {
  const rule = loadBalancers[0]?.advancedConfiguration?.productionListenerRule;
  return rule?.includes(':listener-rule/') ? rule : null;
}

/** The two target groups of a service, between which ECS moves the traffic. */
function groupsOf({ loadBalancers = [] }: Service): readonly string[] {
  const { targetGroupArn, advancedConfiguration } = loadBalancers[0] ?? {};
  return [targetGroupArn, advancedConfiguration?.alternateTargetGroupArn].flatMap((arn) => arn ?? []);
}

/** The target groups that a rule gives traffic to. Pure. */
export function weightedGroups(rule: Rule): readonly string[] {
  return forwardedGroups(rule).flatMap(({ targetGroupArn, weight }) => (weight > 0 ? targetGroupArn : []));
}

/**
 * The traffic of a service that reaches no task because of the rule's weights, in words with the
 * fix; `null` without such traffic. ECS gives weight only to target groups with tasks, so somebody
 * else changed the weights, or aborted a deployment, which leaves the weights as they are. `null`
 * also when the service has no targets at all, or when they cannot be read. Pure.
 */
export function driftOf(
  service: Service,
  rule: Rule,
  targets: ReadonlyMap<string, TargetCounts>,
): string | null {
  const withTasks = groupsOf(service).find((group) => (targets.get(group)?.registered ?? 0) > 0);
  const empty = weightedGroups(rule).filter((group) => targets.get(group)?.registered === 0);
  if (withTasks === undefined || empty.length === 0) return null;
  const share = Math.round(empty.reduce((sum, group) => sum + (shareOf(rule, group) ?? 0), 0) * 10) / 10;
  const groups = `${empty.join(' and ')}, which ${empty.length === 1 ? 'has' : 'have'} no targets`;
  return `${share}% of the production traffic reaches no task: listener rule ${rule.RuleArn} sends it to target group ${groups}, and the tasks of the service are in ${withTasks}. Somebody changed the weights of the rule, or aborted a deployment. ${fixOf(rule, withTasks)}`;
}

/** Only a rule whose one action is to forward is set by a command: another action would be lost. */
function fixOf(rule: Rule, withTasks: string): string {
  const [action, ...others] = rule.Actions ?? [];
  if (action === undefined || others.length > 0) {
    return `In the rule's forward action, set the weight of ${withTasks} to 100 and all others to 0.`;
  }
  const forward = {
    ...action.ForwardConfig,
    TargetGroups: forwardedGroups(rule).map(({ targetGroupArn }) => ({
      TargetGroupArn: targetGroupArn,
      Weight: targetGroupArn === withTasks ? 100 : 0,
    })),
  };
  const actions = `'${JSON.stringify([{ Type: 'forward', ForwardConfig: forward }])}'`;
  const command = rule.IsDefault
    ? `modify-listener --listener-arn ${listenerOf(rule.RuleArn!)} --default-actions`
    : `modify-rule --rule-arn ${rule.RuleArn} --actions`;
  return `Correct them: aws elbv2 ${command} ${actions}`;
}

/**
 * The drift of services, by their ARN; services without drift are missing. Never rejects: what
 * cannot be read is no drift.
 */
export async function readDrift(
  elb: ElasticLoadBalancingV2Client,
  services: readonly Service[],
): Promise<ReadonlyMap<string, string>> {
  const rules = await readRules(
    elb,
    services.flatMap((service) => productionRuleOf(service) ?? []),
  );
  const ofServices = services.flatMap((service) => {
    const rule = rules.get(productionRuleOf(service) ?? '');
    return rule ? [{ service, rule }] : [];
  });
  const targets = await readTargets(
    elb,
    ofServices.flatMap(({ service, rule }) => [...weightedGroups(rule), ...groupsOf(service)]),
  );
  return new Map(
    ofServices.flatMap(({ service, rule }): [string, string][] => {
      const drift = driftOf(service, rule, targets);
      return drift === null ? [] : [[service.serviceArn!, drift]];
    }),
  );
}
