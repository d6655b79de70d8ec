import {
  DescribeRulesCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { inBatches } from '../all-pages.ts';

/** Targets of a target group. Draining targets are not counted. */
export interface TargetCounts {
  readonly registered: number;
  readonly healthy: number;
}

/**
 * Rules by ARN; a rule that cannot be read is missing. A rule that does not exist fails its whole
 * batch: then each is read individually.
 */
export async function readRules(
  elb: ElasticLoadBalancingV2Client,
  arns: readonly string[],
): Promise<ReadonlyMap<string, Rule>> {
  const ask = async (RuleArns: string[]): Promise<Rule[]> =>
    (await elb.send(new DescribeRulesCommand({ RuleArns }))).Rules ?? [];
  const answers = await Promise.all(
    inBatches([...new Set(arns)], 20).map((batch) =>
      ask(batch).catch(async () => {
        const single = await Promise.all(batch.map((arn) => ask([arn]).catch(() => [])));
        return single.flat();
      }),
    ),
  );
  return new Map(answers.flat().map((rule) => [rule.RuleArn!, rule]));
}

/** Targets by target group; a group that cannot be read is missing. */
export async function readTargets(
  elb: ElasticLoadBalancingV2Client,
  targetGroupArns: readonly string[],
): Promise<ReadonlyMap<string, TargetCounts>> {
  const groups = [...new Set(targetGroupArns)];
  const counts = new Map<string, TargetCounts>();
  const read = async (): Promise<void> => {
    for (let group = groups.pop(); group !== undefined; group = groups.pop()) {
      const command = new DescribeTargetHealthCommand({ TargetGroupArn: group });
      const answer = await elb.send(command).catch(() => null);
      const states = answer?.TargetHealthDescriptions?.map(({ TargetHealth }) => TargetHealth?.State);
      if (!states) continue;
      counts.set(group, {
        registered: states.filter((state) => state !== 'draining').length,
        healthy: states.filter((state) => state === 'healthy').length,
      });
    }
  };
  await Promise.all(Array.from({ length: 10 }, read));
  return counts;
}
