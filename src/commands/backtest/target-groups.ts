import { DescribeTargetGroupsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Clients } from '../../aws/clients.ts';
import { findService } from '../../aws/ecs/find-service.ts';
import { balancedGroup } from '../../rollout/traffic/balanced-group.ts';
import type { Arm } from '../../rollout/traffic/traffic-mover.ts';
import { UserError } from '../../core/failure.ts';

/**
 * The one or two target groups of a service. The service does not have to be ready for a rollout by
 * ecs-ramp. Rejects with UserError.
 */
export async function targetGroupsOf(
  place: Parameters<typeof findService>[1],
  clients: Clients,
): Promise<readonly Arm[]> {
  const [ecs, elb] = await Promise.all([clients.ecs(), clients.elasticLoadBalancing()]);
  const service = await findService(ecs, place);
  const groups = (service.loadBalancers ?? []).flatMap(({ targetGroupArn, advancedConfiguration }) =>
    [targetGroupArn, advancedConfiguration?.alternateTargetGroupArn].filter((arn) => arn !== undefined),
  );
  if (groups.length === 0) {
    throw new UserError(
      `Service ${place.service} has no load balancer: there are no counts of its requests and errors to evaluate.`,
    );
  }
  const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: groups }));
  const arms = TargetGroups.flatMap(({ TargetGroupArn, LoadBalancerArns = [] }) => {
    const [balancer] = LoadBalancerArns;
    if (TargetGroupArn === undefined || balancer === undefined) return [];
    return [
      {
        group: balancedGroup(TargetGroupArn, balancer),
        taskDefinitionArn: service.taskDefinition ?? '',
      },
    ];
  });
  if (arms.length > 0) return arms;
  throw new UserError(
    `Target groups ${groups.join(' and ')} are not attached to a load balancer: their requests are not counted.`,
  );
}
