import {
  ModifyListenerCommand,
  ModifyRuleCommand,
  type Action,
  type ElasticLoadBalancingV2Client,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';

/** Replaces the actions of a listener rule, which may be the default rule of its listener. */
export async function writeActions(
  elb: ElasticLoadBalancingV2Client,
  { RuleArn, IsDefault }: Rule,
  actions: Action[],
): Promise<void> {
  if (IsDefault) {
    // ModifyRule does not accept the default rule of a listener.
    await elb.send(new ModifyListenerCommand({ ListenerArn: listenerOf(RuleArn!), DefaultActions: actions }));
  } else {
    await elb.send(new ModifyRuleCommand({ RuleArn, Actions: actions }));
  }
}

/** `arn:...:listener-rule/app/NAME/ID/LISTENER/RULE` belongs to `arn:...:listener/app/NAME/ID/LISTENER`. */
export function listenerOf(ruleArn: string): string {
  return ruleArn.replace(':listener-rule/', ':listener/').split('/').slice(0, -1).join('/');
}
