import { SAY_AGAIN } from '../../core/trail/never-silent.ts';
import { nameOfArn } from '../../core/arn.ts';
import type { StrategyName } from '../../core/plan/strategies.ts';
import type { ECSClient, ServiceDeployment } from '@aws-sdk/client-ecs';
import { mayPass } from '../../aws/errors.ts';
import type { Lease } from '../../aws/lease/lease.ts';
import type { RolloutRequest } from '../../core/request.ts';
import { MINUTE, SECOND, sleep, type Clock } from '../../core/time/clock.ts';
import { patienceOf } from '../../rollout/strategies/paused/pause-hook.ts';
import { strategyNamed, trafficOf } from '../../rollout/strategies/strategies.ts';
import { endKeep } from '../../rollout/traffic/end-keep.ts';
import { deploymentInProgress, taskDefinitionOf } from '../../aws/ecs/service-deployments.ts';
import type { NewEvent } from '../../core/trail/event.ts';
import { UserError } from '../../core/failure.ts';
import type { ServiceRef } from '../../core/service-ref.ts';

export interface ConflictOptions {
  readonly ecs: ECSClient;
  readonly clock: Clock;
  readonly service: ServiceRef & { readonly strategy: StrategyName };
  readonly rollout: Pick<RolloutRequest, 'onConflict' | 'conflictTimeout'>;
  /** Confirmed before the old revision of the last release is removed. */
  readonly lease: Pick<Lease, 'confirm'>;
  /** Rejects if the last release, with this task definition, must not be replaced. Absent: it may. */
  readonly mayReplace?: (taskDefinitionArn: string) => Promise<void>;
  readonly cancelled: AbortSignal;
  readonly tell: (event: NewEvent) => void;
}

/** The longest time that ECS takes to drain and remove an old revision. */
const REMOVAL = 15 * MINUTE;

/**
 * Waits for the end of another deployment or refuses, depending on on-conflict. A rollout of
 * ecs-ramp that only keeps its old revision is ended instead. Returns true if an earlier run of this
 * release started the deployment: then the rollout continues it.
 */
export async function waitForOtherDeployment(
  options: ConflictOptions,
  taskDefinitionArn: string,
): Promise<boolean> {
  const { ecs, clock, rollout, service } = options;
  const since = clock.now();
  let until = since + rollout.conflictTimeout;
  let removing: string | null = null;
  let saidAt = -Infinity;
  for (;;) {
    const running = await deploymentInProgress(ecs, service);
    if (running === null) return false;
    if (await isThisRelease(options, running, taskDefinitionArn)) return true;
    const id = running.serviceDeploymentArn!;
    if (removing !== id && (isRemovingOld(running) || (await removeOld(options, running)))) {
      removing = id;
      until = Math.max(until, clock.now() + REMOVAL);
    }
    const other = inWords(running);
    if (rollout.onConflict === 'fail' && removing !== id) {
      throw new UserError(
        `${other} Nothing was started (on-conflict: fail). Run the job again when it has ended.`,
      );
    }
    if (clock.now() >= until) {
      throw new UserError(`${other} It did not end within conflict-timeout. Nothing was started.`);
    }
    if (options.cancelled.aborted)
      throw new UserError(`Cancelled while waiting. ${other} Nothing was started.`);
    if (clock.now() - saidAt >= SAY_AGAIN) {
      saidAt = clock.now();
      options.tell({
        kind: 'waiting',
        what:
          removing === id
            ? `ECS to remove the old revision that the last release kept: ${other}`
            : `another deployment to end: ${other}`,
        since,
        until,
        otherwise: 'this job fails',
      });
    }
    await sleep(clock, removing === id ? 2 * SECOND : 5 * SECOND, options.cancelled);
  }
}

/** Whether a rollout of ecs-ramp has completed, and ECS removes its old revision. */
function isRemovingOld(running: ServiceDeployment): boolean {
  return patienceOf(running.deploymentConfiguration) !== null && trafficOf(running).phase === 'cleaning-up';
}

/**
 * Ends the rollout if it only keeps its old revision. Returns whether it did; an answer that is lost
 * is given again.
 */
async function removeOld(
  { ecs, clock, lease, mayReplace, tell }: ConflictOptions,
  running: ServiceDeployment,
): Promise<boolean> {
  const { id, keep } = trafficOf(running);
  if (keep === undefined) return false;
  const last = mayReplace && (await taskDefinitionOf(ecs, running));
  if (last) await mayReplace(last);
  await lease.confirm();
  try {
    await endKeep(ecs, clock, { id, keep });
  } catch (error) {
    if (mayPass(error)) return false;
    throw error;
  }
  const message = `The last release kept its old revision, until ${new Date(keep.until).toISOString()} at the latest (keep-old). This release ends that: ECS removes the old revision now.`;
  tell({ kind: 'notice', level: 'notice', message });
  return true;
}

/** Only a deployment that does not roll back and has the same strategy can be continued. */
async function isThisRelease(
  { ecs, service }: ConflictOptions,
  running: ServiceDeployment,
  taskDefinitionArn: string,
): Promise<boolean> {
  if (running.status !== 'PENDING' && running.status !== 'IN_PROGRESS') return false;
  if (!strategyNamed(service.strategy).isOwn(running.deploymentConfiguration)) return false;
  return (await taskDefinitionOf(ecs, running)) === taskDefinitionArn;
}

function inWords(running: ServiceDeployment): string {
  const { createdAt } = running;
  const stage = running.lifecycleStage ? `, ${running.lifecycleStage}` : '';
  return `Service deployment ${nameOfArn(running.serviceDeploymentArn!)} is ${running.status}${stage}; it was created at ${createdAt && !Number.isNaN(createdAt.getTime()) ? createdAt.toISOString() : 'an unknown time'}.`;
}
