import type { Service } from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2Client, Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import { findService } from '../../aws/ecs/find-service.ts';
import { readRules } from '../../aws/elb/rules-and-targets.ts';
import { writeActions } from '../../aws/elb/write-actions.ts';
import type { Lease } from '../../aws/lease/lease.ts';
import { UserError } from '../../core/failure.ts';
import { SECOND, sleep } from '../../core/time/clock.ts';
import { isAtRest, lostTrafficOf } from '../drift/drift.ts';
import type { Observed } from '../drift/observed.ts';
import { observe } from '../drift/observe.ts';
import { forwardedGroups } from '../../rollout/strategies/canary/listener-rule.ts';
import { correctedActions, type LostTraffic } from '../../rollout/traffic/drift.ts';
import { claimLease } from './under-lease.ts';
import type { ReconcileContext } from './context.ts';

/** What a repair did to the weights of a service. */
export interface Repair {
  /** Each change in words. */
  readonly done: readonly string[];
  /** Why something was not changed, in words. */
  readonly refused: readonly string[];
}

interface Broken {
  readonly cluster: string;
  readonly service: Service;
}

/**
 * Moves weights that lead to no task to the target group with the healthy targets of the running
 * revision. Reads everything again while it holds the lease, and reads the new weights back.
 * Refuses when it is not clear where the traffic belongs. Rejects with UserError.
 */
export async function repairWeights(
  { cluster, service }: Broken,
  { clients, clock, run, tell }: ReconcileContext,
): Promise<Repair> {
  const [ecs, elb] = await Promise.all([clients.ecs(), clients.elasticLoadBalancing()]);
  const name = service.serviceName!;
  const lease = await claimLease({
    ecs,
    clock,
    run,
    service: { cluster, name },
    tell: (event) => tell(name, event),
  });
  if (typeof lease === 'string') return refusal(lease);
  try {
    if (!lease.tags)
      return refusal('this run is not allowed to tag the service, so another run may change it');
    const now = await findService(ecs, { cluster, service: name });
    const { observed } = await observe([now], { clients, now: clock.now() });
    const done: string[] = [];
    const refused: string[] = [];
    for (const lost of lostTrafficOf(now, observed)) {
      const unclear = whyUnclear(now, lost, observed);
      if (unclear !== null) {
        refused.push(unclear);
        continue;
      }
      await correct(elb, lost, lease);
      const words = await readBack(elb, lost, () => sleep(clock, SECOND));
      tell(name, { kind: 'notice', level: 'warning', message: words });
      done.push(words);
    }
    return { done, refused };
  } finally {
    await lease.release();
  }
}

/** What a repair would do. Pure. */
export function plannedRepair(service: Service, observed: Observed): Repair {
  const found = lostTrafficOf(service, observed).map((lost) => ({
    lost,
    unclear: whyUnclear(service, lost, observed),
  }));
  return {
    done: found.flatMap(({ lost, unclear }) =>
      unclear === null ? `listener rule ${lost.rule.RuleArn} would get ${weightsAfter(lost)} (dry run)` : [],
    ),
    refused: found.flatMap(({ unclear }) => unclear ?? []),
  };
}

/** Why it is not clear where the traffic of a rule belongs; `null` if it is. */
function whyUnclear(service: Service, { to }: LostTraffic, observed: Observed): string | null {
  if (!isAtRest(service, observed)) return 'a deployment is in progress, and ECS moves the weights';
  const revisions = (service.currentServiceRevisions ?? []).flatMap(({ arn }) => arn ?? []);
  const version = observed.versions.get(revisions[0] ?? '');
  if (revisions.length !== 1 || version === undefined)
    return `the service runs ${revisions.length} revisions, and only one can get the traffic`;
  if (version.targetGroupArn !== null && version.targetGroupArn !== to)
    return `the running revision belongs to target group ${version.targetGroupArn}, but the targets are in ${to}`;
  if (observed.targets.get(to)?.healthy === 0) return `target group ${to} has no healthy target`;
  return null;
}

async function correct(elb: ElasticLoadBalancingV2Client, lost: LostTraffic, lease: Lease): Promise<void> {
  await lease.confirm();
  await writeActions(elb, lost.rule, correctedActions(lost));
}

const LOOKS = 5;

/** Rejects with UserError if the rule does not show the new weights. */
async function readBack(
  elb: ElasticLoadBalancingV2Client,
  lost: LostTraffic,
  wait: () => Promise<unknown>,
): Promise<string> {
  const arn = lost.rule.RuleArn!;
  const [before, wanted] = [weightsOf(lost.rule), weightsAfter(lost)];
  for (let look = 1; ; look++) {
    const rule = (await readRules(elb, [arn])).get(arn);
    if (rule && weightsOf(rule) === wanted) {
      return `repaired listener rule ${arn}: the weights were ${before} and are now ${wanted}`;
    }
    if (look === LOOKS) {
      const found = rule ? `its weights are ${weightsOf(rule)}` : 'it cannot be read';
      throw new UserError(
        `AWS accepted the new weights ${wanted} of listener rule ${arn}, but ${found}: check the rule.`,
      );
    }
    await wait();
  }
}

function weightsAfter(lost: LostTraffic): string {
  return weightsOf({ ...lost.rule, Actions: correctedActions(lost) });
}

function weightsOf(rule: Rule): string {
  return forwardedGroups(rule)
    .map(({ targetGroupArn, weight }) => `${weight} for ${targetGroupArn}`)
    .join(', ');
}

function refusal(reason: string): Repair {
  return { done: [], refused: [reason] };
}
