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
  /** Registered a moment ago: their first health checks are not finished. */
  readonly starting: number;
}

/** Receives the error of a read that is left out of a result, and what was read. */
export type OnUnread = (error: unknown, arn: string) => void;

/**
 * Rules by ARN; a rule that cannot be read is missing. A rule that does not exist fails its whole
 * batch: then each is read individually.
 */
export async function readRules(
  elb: ElasticLoadBalancingV2Client,
  arns: readonly string[],
  onUnread: OnUnread = () => {},
): Promise<ReadonlyMap<string, Rule>> {
  const ask = async (RuleArns: string[]): Promise<Rule[]> =>
    (await elb.send(new DescribeRulesCommand({ RuleArns }))).Rules ?? [];
  const askAlone = (arn: string) =>
    ask([arn]).catch((error: unknown) => {
      onUnread(error, arn);
      return [];
    });
  const answers = await Promise.all(
    inBatches([...new Set(arns)], 20).map((batch) =>
      ask(batch).catch(async () => (await Promise.all(batch.map(askAlone))).flat()),
    ),
  );
  return new Map(answers.flat().map((rule) => [rule.RuleArn!, rule]));
}

/** Targets by target group; a group that cannot be read is missing. */
export async function readTargets(
  elb: ElasticLoadBalancingV2Client,
  targetGroupArns: readonly string[],
  onUnread: OnUnread = () => {},
): Promise<ReadonlyMap<string, TargetCounts>> {
  const groups = [...new Set(targetGroupArns)];
  const counts = new Map<string, TargetCounts>();
  const read = async (): Promise<void> => {
    for (let group = groups.pop(); group !== undefined; group = groups.pop()) {
      try {
        counts.set(group, await targetsIn(elb, group));
      } catch (error) {
        onUnread(error, group);
      }
    }
  };
  await Promise.all(Array.from({ length: 10 }, read));
  return counts;
}

async function targetsIn(elb: ElasticLoadBalancingV2Client, TargetGroupArn: string): Promise<TargetCounts> {
  const answer = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
  const states = (answer.TargetHealthDescriptions ?? []).map(({ TargetHealth }) => TargetHealth?.State);
  const count = (...counted: readonly (typeof states)[number][]) =>
    states.filter((state) => counted.includes(state)).length;
  return {
    registered: states.length - count('draining'),
    healthy: count('healthy'),
    starting: count('initial'),
  };
}
