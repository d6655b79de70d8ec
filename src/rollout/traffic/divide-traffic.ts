import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { readRules } from '../../aws/elb/rules-and-targets.ts';
import { writeActions } from '../../aws/elb/write-actions.ts';
import { present } from '../../aws/errors.ts';
import type { Lease } from '../../aws/lease/lease.ts';
import { withWeights } from './drift.ts';

/** The listener rule that divides production traffic, and the target groups of the revisions. */
export interface Division {
  readonly productionRule: string;
  readonly canary: string;
  readonly stable: string;
}

/**
 * Gives the canary this percentage of production traffic while ECS pauses. ECS itself moves traffic
 * only forward or all the way back. Rejects with UserError when AWS refuses.
 */
export async function divideTraffic(
  { elb, lease }: { readonly elb: ElasticLoadBalancingV2Client; readonly lease: Pick<Lease, 'confirm'> },
  { productionRule, canary, stable }: Division,
  percent: number,
): Promise<void> {
  const rule = present((await readRules(elb, [productionRule])).get(productionRule), 'the production rule');
  const [toCanary, toStable] = weightsFor(percent);
  const actions = withWeights(
    rule,
    new Map([
      [canary, toCanary],
      [stable, toStable],
    ]),
  );
  await lease.confirm();
  await writeActions(elb, rule, actions);
}

/** Weights that give a share in tenths of a percent exactly; AWS allows up to 999. */
function weightsFor(percent: number): readonly [number, number] {
  const isWhole = Number.isInteger(percent);
  const canary = isWhole ? percent : Math.round(percent * 9.99);
  return [canary, (isWhole ? 100 : 999) - canary];
}
