import { nameOfArn } from '../../../core/arn.ts';
import type { Service } from '@aws-sdk/client-ecs';
import {
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { asksForBalancer } from '../workers/preflight.ts';
import type { RolloutRequest } from '../../../core/request.ts';
import { balancedGroup } from '../../traffic/balanced-group.ts';
import { ownConfigurationOf } from '../../traffic/saved-configuration.ts';
import type { Inspected } from '../strategy.ts';
import { errorText } from '../../../core/failure.ts';

/** Reads what a rolling update needs to know about the service. Every problem includes its fix. */
export async function inspectRolling(
  elb: ElasticLoadBalancingV2Client,
  service: Service,
  rollout: RolloutRequest,
): Promise<Inspected> {
  const own = ownConfigurationOf(service);
  const name = `service ${service.serviceName}`;
  const problems = [
    ...((own.strategy ?? 'ROLLING') === 'ROLLING'
      ? []
      : [
          `strategy is rolling, but ${name} has the deployment strategy ${own.strategy}: remove strategy, or set the service's deployment strategy to ROLLING (aws ecs update-service --deployment-configuration strategy=ROLLING).`,
        ]),
    ...rollout.metrics
      .filter(asksForBalancer)
      .map(
        ({ name: metric }) =>
          `metrics: "${metric}" has {target-group} or {load-balancer} in a dimension, but both revisions of ${name} are in one target group: use {revision} or {task-definition}.`,
      ),
  ];
  const found = await readTargetGroup(elb, service);
  const all = [...problems, ...found.problems];
  return { routing: all.length > 0 ? null : found.routing, problems: all };
}

async function readTargetGroup(elb: ElasticLoadBalancingV2Client, service: Service): Promise<Inspected> {
  const name = `service ${service.serviceName}`;
  const [entry, ...others] = service.loadBalancers ?? [];
  if (entry === undefined) return { routing: { kind: 'none' }, problems: [] };
  if (others.length > 0) {
    return failed(
      `${name} has ${others.length + 1} load balancer entries: ecs-ramp can watch a rolling update in one target group only.`,
    );
  }
  const { targetGroupArn } = entry;
  if (!targetGroupArn) return failed(`${name} has a load balancer entry without a target group.`);
  try {
    const described = await elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [targetGroupArn] }));
    const balancer = described.TargetGroups?.[0]?.LoadBalancerArns?.[0];
    if (!balancer)
      return failed(
        `Target group ${nameOfArn(targetGroupArn)} of ${name} is not attached to a load balancer.`,
      );
    if (!balancer.includes(':loadbalancer/app/')) {
      return failed(
        `${name} is behind ${balancer}: only an Application Load Balancer counts failed requests, so ecs-ramp could not judge the release.`,
      );
    }
    const answer = await elb.send(
      new DescribeTargetGroupAttributesCommand({ TargetGroupArn: targetGroupArn }),
    );
    const sticky = answer.Attributes?.some(
      ({ Key, Value }) => Key === 'stickiness.enabled' && Value === 'true',
    );
    const group = balancedGroup(targetGroupArn, balancer);
    return { routing: { kind: 'one-group', group, sticky: sticky ?? false }, problems: [] };
  } catch (error) {
    return failed(errorText(error));
  }
}

function failed(problem: string): Inspected {
  return { routing: null, problems: [problem] };
}
