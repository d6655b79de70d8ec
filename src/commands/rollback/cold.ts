import { endSoon, unlessCancelled } from '../../core/time/unless-cancelled.ts';
import { nameOfArn } from '../../core/arn.ts';
import type { Service } from '@aws-sdk/client-ecs';
import { waitForOtherDeployment } from '../deploy/wait-for-other-deployment.ts';
import type { DeployResult } from '../deploy/result.ts';
import { connectRollout, type Rollout } from '../../rollout/connect.ts';
import { servesAlready } from '../deploy/serves-already.ts';
import { inspectedEvent, plannedEvent, remarkEvent } from '../deploy/plan-events.ts';
import type { RollbackRequest } from '../../core/request.ts';
import { createLease, type Lease } from '../../aws/lease/lease.ts';
import { checkRelease } from '../../rollout/preflight/preflight.ts';
import { describeTaskDefinition, readReleases } from '../../aws/ecs/releases.ts';
import { rollOut } from '../../rollout/rollout.ts';
import { registerAgain } from '../../aws/task-definition/register-again.ts';
import { dryRun } from './hot.ts';
import { missingImages } from './images.ts';
import type { RollbackContext } from './context.ts';
import { findTarget, type Target } from './target.ts';
import { releaseEvent } from './under-way.ts';
import { UserError } from '../../core/failure.ts';

/** A rollback when the old revision no longer runs. */
interface Way {
  readonly service: Service;
  /** The task definition that serves now. */
  readonly serving: string;
  /** The release that an earlier run already rolls back to; `null` for none. */
  readonly begun: Target | null;
}

/**
 * Rolls out the earlier release again, evaluated like any other. Rejects with UserError only while
 * production is untouched; after the rollout has started, it returns the outcome.
 */
export async function rollBackCold(
  request: RollbackRequest,
  way: Way,
  ports: RollbackContext,
): Promise<DeployResult> {
  const { onConflict, conflictTimeout: patience } = request.rollout;
  const { clients, clock, run, tell, cancelled } = ports;
  const service = { cluster: request.cluster, name: request.service };
  const lease = createLease({ ecs: await clients.ecs(), clock, run, service, onConflict, patience, tell });
  try {
    if (!request.dryRun) await lease.claim(cancelled);
    return await rollOutAgain(request, way, { ...ports, lease });
  } finally {
    await endSoon(lease.release(), { clock, cancelled });
  }
}

async function rollOutAgain(
  request: RollbackRequest,
  { service, serving, begun }: Way,
  ports: RollbackContext & { readonly lease: Lease },
): Promise<DeployResult> {
  const prepared = await unlessCancelled(() => prepare(request, { service, serving, begun }, ports), ports);
  if ('outcome' in prepared) return prepared;
  const joined = await connectRollout(prepared, ports);
  const { taskDefinitionArn } = prepared.release;
  return { ...(await rollOut(request.rollout, joined)), canary: taskDefinitionArn };
}

/** Everything before the rollout; a result if no rollout is required. Does not touch production. */
async function prepare(
  request: RollbackRequest,
  { service, serving, begun }: Way,
  ports: RollbackContext & { readonly lease: Lease },
): Promise<Rollout | DeployResult> {
  const { clients, clock, tell, cancelled, lease } = ports;
  const { rollout } = request;
  const ecs = await clients.ecs();
  const place = { cluster: service.clusterArn!, name: service.serviceName! };
  const [facts, target] = await Promise.all([
    checkRelease(request, clients, { tell, clock }),
    begun ?? findTarget(ecs, { ...place, to: request.to, serving }),
  ]);
  if (target.undone) {
    tell({ kind: 'notice', level: 'warning', message: `Nothing was changed: ${target.because}` });
    return unchanged(`Nothing was changed: ${target.because}`, serving);
  }
  const { release } = target;
  const left = (await readReleases(ecs, [serving])).get(serving)!;
  tell(inspectedEvent(facts));
  tell({
    kind: 'rollback-planned',
    serviceDeploymentArn: null,
    from: releaseEvent(left),
    to: releaseEvent(release),
    because: target.because,
  });
  tell(plannedEvent(rollout, facts));
  const remark = remarkEvent(rollout, facts);
  if (remark !== null) tell(remark);
  const described = await usable(release.taskDefinitionArn, ports);
  if (request.dryRun) {
    return dryRun(release.taskDefinitionArn, 'The earlier release would be rolled out again');
  }
  const taskDefinitionArn =
    described.taskDefinition?.status === 'ACTIVE'
      ? release.taskDefinitionArn
      : await registerAgain({ described, provenance: release, ecs, tell, signal: cancelled });
  if (!(await lease.held())) {
    throw new UserError(
      `Another run claimed service ${place.name} at the same moment: nothing was started. Run this again.`,
    );
  }
  const adopting = await waitForOtherDeployment(
    { ecs, clock, service: { ...place, strategy: facts.strategy }, rollout, lease, cancelled, tell },
    taskDefinitionArn,
  );
  if (!adopting && (await servesAlready(ecs, facts, taskDefinitionArn))) {
    return unchanged(`Service ${facts.name} already runs this release.`, taskDefinitionArn);
  }
  cancelled.throwIfAborted();
  return {
    rollout,
    service: facts,
    release: { taskDefinitionArn },
    serviceDeploymentArn: null,
    ...(ports.patience && { rollbackPatience: ports.patience }),
  };
}

/** Rejects with UserError if its tasks could no longer start. */
async function usable(taskDefinitionArn: string, { clients }: RollbackContext) {
  const described = await describeTaskDefinition(await clients.ecs(), taskDefinitionArn);
  if (!described?.taskDefinition) {
    throw new UserError(
      `Task definition ${nameOfArn(taskDefinitionArn)} is the one to return to, but it was deleted. Name another in \`to\` (\`ecs-ramp history\` lists them), or release its commit again.`,
    );
  }
  const missing = await missingImages(described.taskDefinition, clients.ecr);
  if (missing.length > 0) {
    throw new UserError(
      `Task definition ${nameOfArn(taskDefinitionArn)} is the one to return to, but its image is not in ECR any more: ${missing.join(', ')}. Name another in \`to\`, or release its commit again; a lifecycle policy that keeps the images of the last releases prevents this.`,
    );
  }
  return described;
}

function unchanged(reason: string, canary: string): DeployResult {
  return { outcome: 'unchanged', reason, canaryPercent: null, oldRevisionUntil: null, canary };
}
