import {
  DescribeRulesCommand,
  type ElasticLoadBalancingV2Client,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { present } from '../../../aws/errors.ts';

/**
 * The share of a listener rule's traffic that goes to one target group, in percent. `null` when the
 * load balancer has no such share.
 */
export async function shareOnRule(
  elb: ElasticLoadBalancingV2Client,
  ruleArn: string,
  targetGroupArn: string,
): Promise<number | null> {
  // For a network load balancer, ECS names a listener as the "rule" and shifts it all at once.
  if (ruleArn.includes(':listener/net/')) return null;
  const answer = await elb.send(new DescribeRulesCommand({ RuleArns: [ruleArn] }));
  const rule = answer.Rules?.find((found) => found.RuleArn === ruleArn);
  const share = rule ? shareOf(rule, targetGroupArn) : null;
  // Without this check, a missing share would count as verified.
  return present(share, `the share of each target group of ${ruleArn}`);
}

/** The pure part of `shareOnRule`. Weights are relative to their sum. */
export function shareOf(rule: Rule, targetGroupArn: string): number | null {
  const groups = forwardedGroups(rule);
  const all = groups.reduce((sum, group) => sum + group.weight, 0);
  if (!(all > 0) || !Number.isFinite(all)) return null;
  const own = groups.find((group) => group.targetGroupArn === targetGroupArn)?.weight ?? 0;
  return Math.round((own / all) * 1000) / 10;
}

/**
 * The target groups of a rule's forward action with their weights. A single group has all the
 * weight.
 */
export function forwardedGroups(
  rule: Rule,
): readonly { readonly targetGroupArn: string; readonly weight: number }[] {
  const forward = rule.Actions?.find((action) => action.Type === 'forward');
  const groups = forward?.ForwardConfig?.TargetGroups;
  if (groups?.length) {
    return groups.map((group) => ({ targetGroupArn: group.TargetGroupArn!, weight: group.Weight ?? 1 }));
  }
  return forward?.TargetGroupArn ? [{ targetGroupArn: forward.TargetGroupArn, weight: 1 }] : [];
}
