import type { DeploymentConfiguration, Service } from '@aws-sdk/client-ecs';
import {
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { inWords } from '../../../aws/errors.ts';
import { asksForBalancer } from '../workers/preflight.ts';
import type { RolloutRequest } from '../../../core/request.ts';
import { balancedGroup, type BalancedGroup } from '../../traffic/balanced-group.ts';
import { isRolling } from './ecs-rolling.ts';
import type { RollingFacts } from '../../traffic/service-facts.ts';

interface Looked {
  readonly facts: RollingFacts | null;
  readonly problems: readonly string[];
}

/** What a rolling update needs to know of the service; `own`: its deployment configuration. Every problem is told with its fix. */
export async function lookAtRolling(
  elb: ElasticLoadBalancingV2Client,
  service: Service,
  { own, rollout }: { readonly own: DeploymentConfiguration; readonly rollout: RolloutRequest },
): Promise<Looked> {
  const name = `service ${service.serviceName}`;
  const problems = [
    ...(isRolling(own)
      ? []
      : [
          `strategy is rolling, but ${name} has the deployment strategy ${own.strategy}: leave strategy out, or give the service ROLLING (aws ecs update-service --deployment-configuration strategy=ROLLING).`,
        ]),
    ...rollout.metrics
      .filter(asksForBalancer)
      .map(
        ({ name: metric }) =>
          `metrics: "${metric}" has {target-group} or {load-balancer} in a dimension, but both versions of ${name} are in one target group: use {revision} or {task-definition}.`,
      ),
  ];
  const { group, sticky, problem } = await groupOf(elb, service);
  if (problem !== null) problems.push(problem);
  const { minimumHealthyPercent = 100, maximumPercent = 200 } = own;
  const facts = { minimumHealthyPercent, maximumPercent, group, sticky };
  return problems.length > 0 ? { facts: null, problems } : { facts, problems };
}

interface Group {
  readonly group: BalancedGroup | null;
  readonly sticky: boolean;
  readonly problem: string | null;
}

async function groupOf(elb: ElasticLoadBalancingV2Client, service: Service): Promise<Group> {
  const name = `service ${service.serviceName}`;
  const [entry, ...others] = service.loadBalancers ?? [];
  if (entry === undefined) return { group: null, sticky: false, problem: null };
  if (others.length > 0) {
    return failed(
      `${name} has ${others.length + 1} load balancer entries: a rolling update is watched in one target group only.`,
    );
  }
  const { targetGroupArn } = entry;
  if (!targetGroupArn) return failed(`${name} has a load balancer entry without a target group.`);
  try {
    const described = await elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [targetGroupArn] }));
    const balancer = described.TargetGroups?.[0]?.LoadBalancerArns?.[0];
    if (!balancer) return failed(`Target group ${targetGroupArn} of ${name} belongs to no load balancer.`);
    if (!balancer.includes(':loadbalancer/app/')) {
      return failed(
        `${name} is behind ${balancer}: only an Application Load Balancer counts what fails, so nothing could be judged.`,
      );
    }
    const answer = await elb.send(
      new DescribeTargetGroupAttributesCommand({ TargetGroupArn: targetGroupArn }),
    );
    const sticky = answer.Attributes?.some(
      ({ Key, Value }) => Key === 'stickiness.enabled' && Value === 'true',
    );
    return { group: balancedGroup(targetGroupArn, balancer), sticky: sticky ?? false, problem: null };
  } catch (error) {
    return failed(
      inWords(error, 'elasticloadbalancing:DescribeTargetGroups', `target group ${targetGroupArn}`),
    );
  }
}

function failed(problem: string): Group {
  return { group: null, sticky: false, problem };
}
