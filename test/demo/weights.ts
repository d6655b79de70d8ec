import {
  DescribeRulesCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { sleep, systemClock } from '../../src/core/time/clock.ts';

/** Percent of production traffic on the new revision since a time, in milliseconds since 1970. */
export interface Share {
  readonly at: number;
  readonly percent: number;
}

/** Polls a listener rule to measure when the other target group had production traffic. */
export interface WeightWatch {
  /** Percent of production traffic that has moved since the watch started. */
  percent(): number;
  highest(): number;
  /** The share at the start and after each change. */
  shares(): readonly Share[];
  /** Resolves with `true` at this percent, or with `false` when `until` settles before. */
  reached(percent: number, until: Promise<unknown>): Promise<boolean>;
  /**
   * Time from the first traffic of the other target group until it had none again; `null` if it had
   * none or still has some.
   */
  secondsExposed(): number | null;
  stop(): Promise<void>;
}

const INTERVAL = 500;

export async function watchWeights(elb: ElasticLoadBalancingV2Client, ruleArn: string): Promise<WeightWatch> {
  const stable = heaviest(await weights(elb, ruleArn));
  let percent = 0;
  let highest = 0;
  let exposedAt: number | null = null;
  let safeAt: number | null = null;
  const shares: Share[] = [{ at: Date.now(), percent }];

  const look = async () => {
    const now = await weights(elb, ruleArn);
    const total = now.reduce((sum, { weight }) => sum + weight, 0);
    const onStable = now.find(({ group }) => group === stable)?.weight ?? 0;
    percent = total === 0 ? 0 : (100 * (total - onStable)) / total;
    highest = Math.max(highest, percent);
    if (percent !== shares.at(-1)?.percent) shares.push({ at: Date.now(), percent });
    if (percent > 0) {
      exposedAt ??= performance.now();
      safeAt = null;
    } else if (exposedAt !== null) safeAt ??= performance.now();
  };

  const stopped = new AbortController();
  const watching = (async () => {
    while (!stopped.signal.aborted) {
      await look();
      await sleep(systemClock, INTERVAL, stopped.signal);
    }
    await look();
  })();
  watching.catch(() => {}); // reported by stop()

  return {
    percent: () => percent,
    highest: () => highest,
    shares: () => [...shares],
    async reached(wanted, until) {
      const over = new AbortController();
      void until.catch(() => {}).finally(() => over.abort());
      const isThere = () => highest >= wanted;
      while (!over.signal.aborted && !isThere()) await sleep(systemClock, INTERVAL, over.signal);
      return isThere();
    },
    secondsExposed: () => (exposedAt === null || safeAt === null ? null : (safeAt - exposedAt) / 1_000),
    stop: async () => {
      stopped.abort();
      await watching;
    },
  };
}

interface Weight {
  readonly group: string;
  readonly weight: number;
}

async function weights(elb: ElasticLoadBalancingV2Client, ruleArn: string): Promise<Weight[]> {
  const { Rules } = await elb.send(new DescribeRulesCommand({ RuleArns: [ruleArn] }));
  const groups =
    Rules?.[0]?.Actions?.find(({ Type }) => Type === 'forward')?.ForwardConfig?.TargetGroups ?? [];
  return groups.map(({ TargetGroupArn = '', Weight = 0 }) => ({ group: TargetGroupArn, weight: Weight }));
}

function heaviest(weights: readonly Weight[]): string {
  return weights.toSorted((a, b) => b.weight - a.weight)[0]?.group ?? '';
}
