import { UpdateServiceCommand, type ServiceDeployment } from '@aws-sdk/client-ecs';
import { withTimeout } from '../../../aws/with-timeout.ts';
import { mayPass } from '../../../aws/errors.ts';
import { ACT_LIMIT } from '../../../aws/lease/times.ts';
import { cachedRead } from '../../../core/time/cached-read.ts';
import { baking, onTheWay, overtaken, returning } from './deployment-status.ts';
import {
  describeDeployment,
  newestDeployment,
  taskDefinitionOf,
} from '../../../aws/ecs/service-deployments.ts';
import { restoreService } from '../../traffic/restore-service.ts';
import { shareOfTasks } from '../share-of-tasks.ts';
import { startDeployment, type StartOptions } from '../../traffic/start-deployment.ts';
import { mayUndo, stopDeployment } from '../../traffic/stop-deployment.ts';
import type { Strategy } from '../strategy.ts';
import type { Started, Traffic, TrafficMover } from '../../traffic/traffic-mover.ts';

/**
 * ECS replaces the tasks in batches, within the minimum and maximum percent of the service.
 * ecs-ramp only watches and can roll back. During the deployment, a rollback is one call. After it
 * has ended, a rollback is another deployment, of the old task definition.
 */
export function createRollingMover(
  options: StartOptions,
  { share, isOwn }: Pick<Strategy, 'share' | 'isOwn'>,
): TrafficMover {
  const { ecs, clock, service, taskDefinitionArn, lease } = options;
  let started: Started | null = null;

  async function observe(closely = false): Promise<Traffic | null> {
    if (started === null) return null;
    const deployment = await describeDeployment(ecs, started.id);
    const traffic = deployment && (await trafficOf(deployment, started));
    if (traffic?.phase !== 'baking' && traffic?.phase !== 'rolled-back') return traffic;
    return { ...traffic, verifiedPercent: await shareNow(closely || traffic.phase === 'rolled-back') };
  }

  async function trafficOf(deployment: ServiceDeployment, { stable }: Started): Promise<Traffic> {
    if (deployment.status !== 'SUCCESSFUL') return onTheWay(deployment);
    const newest = await newestDeployment(ecs, service);
    if (newest === null || !isAfter(newest, deployment)) return baking(deployment);
    const isBack = (await taskDefinitionOf(ecs, newest)) === stable.taskDefinitionArn;
    return isBack ? returning(deployment, newest) : overtaken(deployment, newest);
  }

  /** The share of the tasks that should run. The end of a deployment is verified by it. */
  const shareNow = cachedRead(clock, () => shareOfTasks(ecs, service, started!.canary), { mayPass });

  /**
   * Depends on no read. If the deployment has ended in the meantime, the next observation shows it,
   * and the rollback is requested again.
   */
  async function rollBack({ id, phase }: Pick<Traffic, 'id' | 'phase'>): Promise<void> {
    await mayUndo(lease, clock);
    if (phase !== 'baking') return stopDeployment(ecs, clock, id);
    await deployAgain(started!.stable.taskDefinitionArn);
  }

  /** Idempotent: ECS starts no deployment when the service already has this task definition. */
  async function deployAgain(taskDefinition: string): Promise<void> {
    const command = new UpdateServiceCommand({
      cluster: service.cluster,
      service: service.name,
      taskDefinition,
    });
    await withTimeout(clock, ACT_LIMIT, (bound) => ecs.send(command, bound));
  }

  const neverPaused = () =>
    Promise.reject(new Error(`a rolling update of ${taskDefinitionArn} has no pause to answer`));

  return {
    observe,
    async start() {
      started = await startDeployment(options, {
        share,
        // The same call also restores a configuration that an earlier run with another strategy
        // left behind.
        configuration: () => (service.leftOver ? service.deploymentConfiguration : null),
        isOwn,
        patience: () => null,
        prepare: () => Promise.resolve(),
        forget: () => Promise.resolve(),
        unfollowed: 'If the deployment started, ECS continues it to the end.',
      });
      return started;
    },
    advance: neverPaused,
    endKeep: neverPaused,
    canDivide: () => false,
    divide: neverPaused,
    rollBack,
    settle: () => (service.leftOver ? restoreService(ecs, service, lease) : Promise.resolve()),
    takenBy: () => lease.takenBy,
  };
}

/** Lists from ECS may be outdated and show an earlier deployment. */
function isAfter(newest: ServiceDeployment, { serviceDeploymentArn, createdAt }: ServiceDeployment): boolean {
  return (
    newest.serviceDeploymentArn !== serviceDeploymentArn &&
    (newest.createdAt?.getTime() ?? 0) >= (createdAt?.getTime() ?? 0)
  );
}
