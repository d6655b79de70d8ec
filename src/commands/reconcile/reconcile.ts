import { nameOfArn } from '../../core/arn.ts';
import type { Service, ServiceDeployment } from '@aws-sdk/client-ecs';
import type { Clients } from '../../aws/clients.ts';
import { findService } from '../../aws/ecs/find-service.ts';
import { ownConfigurationOf } from '../../rollout/traffic/saved-configuration.ts';
import { trafficOf } from '../../rollout/strategies/strategies.ts';
import { patienceOf } from '../../rollout/strategies/paused/pause-hook.ts';
import { deploymentInProgress, newestDeployment } from '../../aws/ecs/service-deployments.ts';
import { restoreService } from '../../rollout/traffic/restore-service.ts';
import type { NewEvent } from '../../core/trail/event.ts';
import { everyService } from '../../aws/ecs/every-service.ts';
import type { FoundService, ReconcileContext } from './context.ts';
import { observe } from '../drift/observe.ts';
import { findingOn, remainsOn, type Finding } from './finding.ts';
import { reconcileKept } from './kept.ts';
import { takeBack } from './take-back.ts';
import { claimLease } from './under-lease.ts';
import { withDifferences } from './with-differences.ts';
import type { Reconciled } from './reconciled.ts';
import { UserError } from '../../core/failure.ts';

export interface ReconcileRequest {
  readonly clusters: readonly string[];
  /** `null` for every service of the clusters. */
  readonly services: readonly string[] | null;
  /** Changes nothing. */
  readonly dryRun: boolean;
  /** Corrects weights that lead to no task. */
  readonly repair?: boolean;
}

/**
 * Finds what killed runs left on services, and finishes it or rolls it back. Tells, and with
 * `repair` corrects, how the services differ from what they should be. Never touches the rollout of
 * a running run, or a deployment by another tool. Failures of one service do not affect others.
 * Rejects with UserError if a cluster or a service cannot be read.
 */
export async function reconcileServices(
  { clusters, services, ...manner }: ReconcileRequest,
  ports: ReconcileContext,
): Promise<readonly Reconciled[]> {
  const found: FoundService[] = [];
  for (const cluster of clusters) found.push(...(await findServices(cluster, services, ports.clients)));
  return reconcileFound(found, manner, ports);
}

/** `null` for every service of the cluster. Rejects with UserError. */
export async function findServices(
  cluster: string,
  services: readonly string[] | null,
  clients: Clients,
): Promise<readonly FoundService[]> {
  const ecs = await clients.ecs();
  const all =
    services === null
      ? await everyService(ecs, cluster)
      : await Promise.all(services.map((service) => findService(ecs, { service, cluster })));
  return all.map((service) => ({ cluster, service }));
}

/** Like `reconcileServices`, for services that were just read. */
export async function reconcileFound(
  found: readonly FoundService[],
  { dryRun, repair = false }: Pick<ReconcileRequest, 'dryRun' | 'repair'>,
  ports: ReconcileContext,
): Promise<readonly Reconciled[]> {
  const { clients, clock, askBranch, onUnread } = ports;
  const services = found.map(({ service }) => service);
  const observed = await observe(services, { clients, now: clock.now(), askBranch }).then(
    (observation) => {
      for (const reason of observation.unread) onUnread?.(reason);
      return observation.observed;
    },
    (error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      onUnread?.(error.message);
      return null;
    },
  );
  return Promise.all(
    found.map(async (one) => {
      const ended = await reconcileService({ ...one, dryRun }, ports);
      const compared =
        observed === null
          ? ended
          : await withDifferences(one, { ended, observed, dryRun, repair }, ports).catch((error: unknown) =>
              dirtyBy(error),
            );
      return { cluster: one.cluster, service: one.service.serviceName!, ...compared };
    }),
  );
}

type Ended = Pick<Reconciled, 'state' | 'reason'>;

interface Subject {
  readonly cluster: string;
  readonly service: Service;
  readonly dryRun: boolean;
}

async function reconcileService(
  { cluster, service, dryRun }: Subject,
  ports: ReconcileContext,
): Promise<Ended> {
  const { clients, clock } = ports;
  const ecs = await clients.ecs();
  const name = service.serviceName!;
  try {
    const remains = remainsOn(service);
    const running = remains.deploying ? await deploymentInProgress(ecs, { cluster, name }) : null;
    const finding = findingOn(remains, running, clock.now());
    if (finding.do === 'tell') return finding;
    if (finding.do === 'watch') {
      const kept = { service: name, cluster, running: running!, until: finding.until, dryRun };
      return await reconcileKept(kept, { ...ports, tell: (event) => ports.tell(name, event) });
    }
    if (dryRun) return rehearsed(finding);
    return await underLease(
      { cluster, service, dryRun },
      ports,
      running?.serviceDeploymentArn ?? null,
      finding,
    );
  } catch (error) {
    return dirtyBy(error);
  }
}

/** Throws other errors. */
function dirtyBy(error: unknown): Ended {
  if (!(error instanceof UserError)) throw error;
  return { state: 'dirty', reason: error.message };
}

async function underLease(
  { cluster, service }: Subject,
  { clients, clock, run, tell }: ReconcileContext,
  deployment: string | null,
  finding: Exclude<Finding, { do: 'tell' | 'watch' }>,
): Promise<Ended> {
  const ecs = await clients.ecs();
  const name = service.serviceName!;
  const tellOf = (event: NewEvent) => tell(name, event);
  const place = { cluster, name };
  const lease = await claimLease({ ecs, clock, run, service: place, tell: tellOf });
  if (typeof lease === 'string') return { state: 'in progress', reason: lease };
  try {
    const running = await deploymentInProgress(ecs, place);
    if ((running?.serviceDeploymentArn ?? null) !== deployment) {
      return {
        state: 'in progress',
        reason: 'its deployment has just ended, or another one has started: the next run handles it',
      };
    }
    if (finding.do === 'take back') {
      const abandoned = { service: name, cluster, running: running!, whose: finding.whose };
      const { outcome, reason } = await takeBack(abandoned, { clients, clock, lease, tell: tellOf });
      return { state: STATES[outcome], reason };
    }
    const subject = {
      name,
      serviceArn: service.serviceArn!,
      cluster: service.clusterArn!,
      deploymentConfiguration: ownConfigurationOf(service),
    };
    try {
      await restoreService(ecs, subject, lease);
    } catch (error) {
      // ECS may refuse while it keeps the old revision, which ends by itself.
      if (running === null || !(error instanceof UserError)) throw error;
      return {
        state: 'in progress',
        reason: `${error.message} The next run after the end of the deployment handles it.`,
      };
    }
    return ended(running ?? (await newestDeployment(ecs, place)));
  } finally {
    // After a failure, the lease stays until it expires, and shows the next run whose rollout this
    // is.
    lease.end();
  }
}

const STATES = { deployed: 'finished', 'rolled-back': 'undone', failed: 'undone', dirty: 'dirty' } as const;

function rehearsed(finding: Exclude<Finding, { do: 'tell' | 'watch' }>): Ended {
  return finding.do === 'settle'
    ? { state: 'finished', reason: 'what a killed run left would be removed (dry run)' }
    : { state: 'undone', reason: `the rollout of ${finding.whose} would be rolled back (dry run)` };
}

/** The result after the leftovers are removed. Pure. */
function ended(newest: ServiceDeployment | null): Ended {
  if (newest === null || patienceOf(newest.deploymentConfiguration) === null) {
    return { state: 'undone', reason: 'what a killed run left was removed; it had not started a deployment' };
  }
  const which = `${nameOfArn(newest.serviceDeploymentArn!)} (${newest.status})`;
  switch (trafficOf(newest).phase) {
    case 'done':
    case 'keeping-old':
    case 'cleaning-up':
      return {
        state: 'finished',
        reason: `deployment ${which} of a killed run had reached 100%; what the run left was removed`,
      };
    case 'rolled-back':
      return {
        state: 'undone',
        reason: `ECS had rolled back deployment ${which} of a killed run; what the run left was removed`,
      };
    default:
      return { state: 'dirty', reason: `check the weights and tasks of service deployment ${which}` };
  }
}
