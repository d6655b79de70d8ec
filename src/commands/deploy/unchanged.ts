import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { readTargets } from '../../aws/elb/rules-and-targets.ts';
import { UserError } from '../../core/failure.ts';
import type { ServiceFacts } from '../../rollout/traffic/service-facts.ts';
import type { DeployResult } from './result.ts';

/**
 * The result of a release that the service already runs. Rejects with UserError when none of its
 * targets is healthy: the job must not be green then.
 */
export async function unchanged(
  connect: () => Promise<ElasticLoadBalancingV2Client>,
  service: ServiceFacts,
): Promise<DeployResult> {
  const groups = groupsOf(service);
  const targets = groups.length === 0 ? null : await readTargets(await connect(), groups);
  const counts = [...(targets?.values() ?? [])];
  if (counts.length > 0 && counts.every(({ healthy }) => healthy === 0)) {
    throw new UserError(
      `Service ${service.name} already runs this release, but none of its targets is healthy. Nothing was changed. Check the health checks and the logs of its tasks, or go back with \`ecs-ramp rollback\`.`,
    );
  }
  return {
    outcome: 'unchanged',
    reason: `Service ${service.name} already runs this release, with all of its traffic.`,
    canaryPercent: null,
    oldRevisionUntil: null,
  };
}

function groupsOf({ routing }: ServiceFacts): readonly string[] {
  switch (routing.kind) {
    case 'two-groups':
      return routing.targetGroups;
    case 'one-group':
      return [routing.group.targetGroupArn];
    case 'none':
      return [];
  }
}
