import type { Service } from '@aws-sdk/client-ecs';
import type { DeployResult } from '../deploy/result.ts';
import { connectRollout } from '../../rollout/connect.ts';
import type { RollbackRequest, RolloutRequest } from '../../core/request.ts';
import { withoutLease } from '../../aws/lease/without-lease.ts';
import type { Clients } from '../../aws/clients.ts';
import { readBalancer } from '../../rollout/strategies/canary/preflight.ts';
import { inspectedEvent } from '../deploy/plan-events.ts';
import type { Routing } from '../../rollout/traffic/service-facts.ts';
import { factsOf } from '../../rollout/preflight/preflight.ts';
import { isWorker } from '../../rollout/strategies/workers/preflight.ts';
import { inUnits } from '../../core/time/duration.ts';
import type { Release } from '../../aws/ecs/releases.ts';
import { releaseInWords } from '../../report/release.ts';
import { rollOut } from '../../rollout/rollout.ts';
import type { RolloutResult } from '../../rollout/result.ts';
import { SECOND } from '../../core/time/clock.ts';
import { pausedBy } from '../../rollout/strategies/paused/pause-hook.ts';
import type { TrafficMover } from '../../rollout/traffic/traffic-mover.ts';
import { followWithoutBalancer } from './follow-without-balancer.ts';
import type { RollbackContext } from './context.ts';
import type { DeploymentUnderWay } from './under-way.ts';
import { errorText } from '../../core/failure.ts';

/** A deployment that replaces an earlier release. */
export type Undone = DeploymentUnderWay & { readonly from: Release };

export interface Undoing {
  readonly service: Service;
  readonly underWay: Undone;
  readonly undoing: RollbackAskedFor;
}

/** When, why, and at which share of the new revision the rollback was requested. */
export interface RollbackAskedFor {
  readonly at: number;
  readonly reason: string;
  readonly percent: number;
}

/** Monitors a requested rollback until weights, targets and status are verified. Never rejects. */
export async function followBack(
  request: Pick<RollbackRequest, 'rollout'>,
  undone: Undoing,
  ports: RollbackContext,
): Promise<DeployResult> {
  const { from, to } = undone.underWay;
  const result = await follow(request, undone, ports).catch((error: unknown): RolloutResult => {
    const why = errorText(error);
    return {
      outcome: 'dirty',
      reason: `The rollback was requested, but its progress could not be read: ${why}`,
      canaryPercent: null,
      oldRevisionUntil: null,
    };
  });
  if (result.outcome !== 'rolled-back') return result;
  return {
    outcome: 'deployed',
    reason: `${releaseInWords(from)} serves again instead of ${releaseInWords(to)} (verified). ${result.reason}`,
    canaryPercent: 100,
    canary: from.taskDefinitionArn,
    oldRevisionUntil: null,
  };
}

async function follow(
  { rollout }: Pick<RollbackRequest, 'rollout'>,
  { service, underWay, undoing }: Undoing,
  ports: RollbackContext,
): Promise<RolloutResult> {
  const { clients, tell, patience } = ports;
  const { deployment, from, to } = underWay;
  const serviceDeploymentArn = deployment.serviceDeploymentArn!;
  const strategy = pausedBy(deployment.deploymentConfiguration) ?? 'canary';
  const routing = await routingOf(service, clients, rollout);
  // A worker's rollout by ecs-ramp is monitored like one with a load balancer, and cleaned up.
  if (routing === null || (routing.kind === 'none' && strategy !== 'workers'))
    return followWithoutBalancer({ service, serviceDeploymentArn, undoing }, ports);
  const facts = factsOf(service, { strategy, routing });
  tell({ ...inspectedEvent(facts), taskDefinitionArn: to.taskDefinitionArn });
  const joined = await connectRollout(
    {
      // A rollback evaluates nothing, so alarms and metrics do not have to be readable.
      rollout: { ...rollout, alarms: [], metrics: [] },
      service: facts,
      release: to,
      serviceDeploymentArn,
      ...(patience && { rollbackPatience: patience }),
    },
    // A rollback does not wait for other runs: they see that ECS rolls back.
    { ...ports, lease: withoutLease(ports.run) },
  );
  const telling = tellingOfReturn(joined.mover, { from, undoing, ports });
  return rollOut(rollout, {
    ...joined,
    undoing,
    mover: {
      ...telling,
      // A deployment by another tool leaves nothing to clean up.
      settle: () => (facts.leftOver ? joined.mover.settle() : Promise.resolve()),
    },
  });
}

/** `null` if the routing could not be determined. */
async function routingOf(
  service: Service,
  { elasticLoadBalancing, acm }: Clients,
  rollout: RolloutRequest,
): Promise<Routing | null> {
  if (isWorker(service)) return { kind: 'none' };
  return (await readBalancer(service, { elb: await elasticLoadBalancing(), acm, rollout })).routing;
}

/** Reports when the traffic is back, which is long before ECS has drained the last task. */
function tellingOfReturn(
  mover: TrafficMover,
  {
    from,
    undoing,
    ports: { clock, tell },
  }: { from: Release; undoing: RollbackAskedFor; ports: RollbackContext },
): TrafficMover {
  let isTold = undoing.percent === 0;
  return {
    ...mover,
    async observe() {
      const traffic = await mover.observe();
      if (!isTold && traffic?.verifiedPercent === 0) {
        isTold = true;
        const took = inUnits(Math.ceil((clock.now() - undoing.at) / SECOND) * SECOND);
        const message = `All production traffic is on ${releaseInWords(from)} again, ${took} after the request.`;
        tell({ kind: 'notice', level: 'notice', message });
      }
      return traffic;
    },
  };
}
