import { SAY_AGAIN } from '../../core/trail/never-silent.ts';
import type { Service } from '@aws-sdk/client-ecs';
import { findService } from '../../aws/ecs/find-service.ts';
import type { RolloutResult } from '../../rollout/result.ts';
import { MINUTE, SECOND, sleep } from '../../core/time/clock.ts';
import { BALANCED_READING, readDeployment } from '../../rollout/strategies/paused/deployment-status.ts';
import { describeDeployment } from '../../aws/ecs/service-deployments.ts';
import type { RollbackContext } from './context.ts';

interface Followed {
  readonly service: Service;
  readonly serviceDeploymentArn: string;
  readonly undoing: { readonly at: number; readonly reason: string };
}

const PATIENCE = 20 * MINUTE;

/** Without a listener rule, verifies only the ECS status and the running tasks. */
export async function followWithoutBalancer(
  { service, serviceDeploymentArn, undoing }: Followed,
  { clients, clock, tell, patience = PATIENCE }: RollbackContext,
): Promise<RolloutResult> {
  const ecs = await clients.ecs();
  const until = undoing.at + patience;
  let saidAt = -Infinity;
  for (;;) {
    const deployment = await describeDeployment(ecs, serviceDeploymentArn);
    const traffic = deployment && readDeployment(deployment, BALANCED_READING);
    if (traffic?.phase === 'failed' || traffic?.phase === 'done') {
      return ending('dirty', `ECS did not roll back: ${traffic.reason ?? traffic.stage}.`);
    }
    if (traffic?.phase === 'rolled-back') {
      const { serviceName, clusterArn } = service;
      const now = await findService(ecs, { service: serviceName!, cluster: clusterArn! });
      if ((now.runningCount ?? 0) >= (now.desiredCount ?? 0) && (now.deployments ?? []).length === 1) {
        return ending('rolled-back', undoing.reason);
      }
    }
    if (clock.now() > until) {
      return ending(
        'dirty',
        `ECS did not finish the rollback in time: its stage is ${traffic?.stage ?? 'unknown'}.`,
      );
    }
    if (clock.now() - saidAt >= SAY_AGAIN) {
      saidAt = clock.now();
      const what = `ECS to finish the rollback (${traffic?.stage ?? 'not shown yet'})`;
      tell({ kind: 'waiting', what, since: undoing.at, until, otherwise: 'this job ends as `dirty`' });
    }
    await sleep(clock, 2 * SECOND);
  }
}

function ending(outcome: RolloutResult['outcome'], reason: string): RolloutResult {
  return { outcome, reason, canaryPercent: null, oldRevisionUntil: null };
}
