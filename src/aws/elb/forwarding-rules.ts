import {
  DescribeListenersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { allPages, inBatches } from '../all-pages.ts';

/**
 * Every rule of the Application Load Balancers that these target groups belong to, by ARN. What
 * cannot be read is missing. One call for each listener.
 */
export async function readEveryRule(
  elb: ElasticLoadBalancingV2Client,
  targetGroupArns: readonly string[],
  onUnread: (error: unknown) => void,
): Promise<ReadonlyMap<string, Rule>> {
  const orNothing = async <T>(read: Promise<readonly T[]>): Promise<readonly T[]> =>
    read.catch((error: unknown) => {
      onUnread(error);
      return [];
    });
  const groups = await Promise.all(
    inBatches([...new Set(targetGroupArns)], 20).map((batch) => orNothing(describeGroups(elb, batch))),
  );
  const balancers = groups.flat().flatMap(({ LoadBalancerArns = [] }) => LoadBalancerArns);
  const applications = [...new Set(balancers)].filter((arn) => arn.includes(':loadbalancer/app/'));
  const listeners = await Promise.all(applications.map((arn) => orNothing(listenersOf(elb, arn))));
  const rules: Rule[] = [];
  const waiting = listeners.flat().flatMap(({ ListenerArn }) => ListenerArn ?? []);
  const read = async (): Promise<void> => {
    for (let arn = waiting.pop(); arn !== undefined; arn = waiting.pop())
      rules.push(...(await orNothing(rulesOf(elb, arn))));
  };
  await Promise.all(Array.from({ length: 10 }, read));
  return new Map(rules.map((rule) => [rule.RuleArn!, rule]));
}

async function describeGroups(elb: ElasticLoadBalancingV2Client, TargetGroupArns: string[]) {
  return (await elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns }))).TargetGroups ?? [];
}

function listenersOf(elb: ElasticLoadBalancingV2Client, LoadBalancerArn: string) {
  return allPages(async (Marker) => {
    const page = await elb.send(new DescribeListenersCommand({ LoadBalancerArn, ...(Marker && { Marker }) }));
    return { items: page.Listeners ?? [], nextToken: page.NextMarker };
  });
}

function rulesOf(elb: ElasticLoadBalancingV2Client, ListenerArn: string) {
  return allPages(async (Marker) => {
    const page = await elb.send(new DescribeRulesCommand({ ListenerArn, ...(Marker && { Marker }) }));
    return { items: page.Rules ?? [], nextToken: page.NextMarker };
  });
}
