import type { ECSClient, ServiceDeployment, ServiceRevision } from '@aws-sdk/client-ecs';
import { balancedGroup, inLoadBalancer, type BalancedGroup } from './balanced-group.ts';
import { describeRevisions } from '../../aws/ecs/service-deployments.ts';
import type { ServiceFacts } from './service-facts.ts';
import type { Arm } from './traffic-mover.ts';

/**
 * The canary and the stable arm of a deployment. Only the service revisions show which target group
 * belongs to which arm: the two swap at every deployment.
 */
export async function armsOf(
  ecs: ECSClient,
  service: ServiceFacts,
  deployment: ServiceDeployment,
): Promise<{ canary: Arm; stable: Arm } | null> {
  const target = deployment.targetServiceRevision?.arn;
  const source = deployment.sourceServiceRevisions?.at(-1)?.arn;
  if (!target || !source) return null;
  const [canary, stable] = await describeRevisions(ecs, [target, source]);
  if (!canary?.taskDefinition || !stable?.taskDefinition) return null;
  const { routing } = service;
  if (routing.kind !== 'two-groups') {
    const [ours, theirs] = [canary.taskDefinition, stable.taskDefinition];
    return {
      // One target group counts both revisions together, so it belongs to one arm only.
      canary: {
        taskDefinitionArn: ours,
        group: routing.kind === 'none' ? null : sharedGroup(routing.group, canary),
      },
      stable: { taskDefinitionArn: theirs, group: null },
    };
  }
  const canaryGroup = canary.resolvedConfiguration?.loadBalancers?.[0]?.targetGroupArn;
  if (!canaryGroup) return null;
  // A stable revision from before the service had two target groups names none: it uses the other
  // one.
  const stableGroup =
    stable.resolvedConfiguration?.loadBalancers?.[0]?.targetGroupArn ??
    routing.targetGroups.find((group) => group !== canaryGroup)!;
  const arm = (targetGroupArn: string, taskDefinitionArn: string): Arm => ({
    taskDefinitionArn,
    group: balancedGroup(targetGroupArn, routing.loadBalancerArn),
  });
  return { canary: arm(canaryGroup, canary.taskDefinition), stable: arm(stableGroup, stable.taskDefinition) };
}

/**
 * After a traffic shift, the tasks may be in another target group than the one in the service's
 * configuration.
 */
function sharedGroup(named: BalancedGroup, revision: ServiceRevision): BalancedGroup {
  const resolved = revision.resolvedConfiguration?.loadBalancers?.[0]?.targetGroupArn;
  return resolved ? inLoadBalancer(resolved, named.loadBalancer) : named;
}
