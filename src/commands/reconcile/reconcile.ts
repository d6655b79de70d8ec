import type { Service, ServiceDeployment } from '@aws-sdk/client-ecs';
import type { Clients } from '../../aws/clients.ts';
import { createLease, type Lease } from '../../aws/lease/lease.ts';
import type { Run } from '../../core/run.ts';
import { findService } from '../../aws/ecs/find-service.ts';
import type { Clock } from '../../core/time/clock.ts';
import { ownConfigurationOf } from '../../rollout/traffic/saved-configuration.ts';
import { trafficOf } from '../../rollout/strategies/strategies.ts';
import { patienceOf } from '../../rollout/strategies/paused/pause-hook.ts';
import { deploymentInProgress, newestDeployment } from '../../aws/ecs/service-deployments.ts';
import { restoreService } from '../../rollout/traffic/restore-service.ts';
import type { NewEvent } from '../../core/trail/event.ts';
import { everyService } from '../../aws/ecs/every-service.ts';
import { findingOn, remainsOn, type Finding } from './finding.ts';
import { takeBack } from './take-back.ts';
import type { Reconciled } from './reconciled.ts';
import { UserError } from '../../core/failure.ts';

export interface ReconcileRequest {
  readonly clusters: readonly string[];
  /** Null: every service of the clusters. */
  readonly services: readonly string[] | null;
  /** Only tells. */
  readonly dryRun: boolean;
}

export interface ReconcileContext {
  readonly clients: Clients;
  readonly clock: Clock;
  readonly run: Run;
  /** What happens to a service meanwhile, for the log. */
  readonly tell: (service: string, event: NewEvent) => void;
}

/**
 * Finds what dead runs left on services, and finishes or undoes it. Never touches a living run's rollout, or what is not ours. One
 * service's trouble is its own. Rejects with UserError where a cluster or a service cannot be read at all.
 */
export async function reconcileServices(
  { clusters, services, dryRun }: ReconcileRequest,
  ports: ReconcileContext,
): Promise<readonly Reconciled[]> {
  const ecs = await ports.clients.ecs();
  const found: { readonly cluster: string; readonly service: Service }[] = [];
  for (const cluster of clusters) {
    const all =
      services === null
        ? await everyService(ecs, cluster)
        : await Promise.all(services.map((service) => findService(ecs, { service, cluster })));
    found.push(...all.map((service) => ({ cluster, service })));
  }
  return Promise.all(
    found.map(async ({ cluster, service }) => ({
      cluster,
      service: service.serviceName!,
      ...(await reconcileService({ cluster, service, dryRun }, ports)),
    })),
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
    if (dryRun) return rehearsed(finding);
    return await underLease(
      { cluster, service, dryRun },
      ports,
      running?.serviceDeploymentArn ?? null,
      finding,
    );
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { state: 'dirty', reason: error.message };
  }
}

async function underLease(
  { cluster, service }: Subject,
  { clients, clock, run, tell }: ReconcileContext,
  deployment: string | null,
  finding: Exclude<Finding, { do: 'tell' }>,
): Promise<Ended> {
  const ecs = await clients.ecs();
  const name = service.serviceName!;
  const tellOf = (event: NewEvent) => tell(name, event);
  const place = { cluster, name };
  const lease = createLease({
    ecs,
    clock,
    run,
    service: place,
    onConflict: 'fail',
    patience: 0,
    tell: tellOf,
  });
  try {
    const other = await claimed(lease);
    if (other !== null) return { state: 'in progress', reason: other };
    const running = await deploymentInProgress(ecs, place);
    if ((running?.serviceDeploymentArn ?? null) !== deployment) {
      return {
        state: 'in progress',
        reason: 'its deployment has just ended, or another one begun: next time',
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
      // ECS may refuse while it keeps the old version hot, and ends that by itself.
      if (running === null || !(error instanceof UserError)) throw error;
      return { state: 'in progress', reason: `${error.message} Next time, when the deployment has ended.` };
    }
    return ended(running ?? (await newestDeployment(ecs, place)));
  } finally {
    // Where it failed, the lease that ends by itself tells the next one whose this was.
    lease.end();
  }
}

/** Null: the service is ours; else who was quicker, in words. */
async function claimed(lease: Lease): Promise<string | null> {
  try {
    await lease.claim(NEVER);
    return (await lease.held()) ? null : 'another run has just begun on it';
  } catch (error) {
    // AWS's own refusals have a cause.
    if (error instanceof UserError && error.cause === undefined) return error.message;
    throw error;
  }
}

const NEVER = new AbortController().signal;
const STATES = { deployed: 'finished', 'rolled-back': 'undone', dirty: 'dirty' } as const;

function rehearsed(finding: Exclude<Finding, { do: 'tell' }>): Ended {
  return finding.do === 'settle'
    ? { state: 'finished', reason: 'what a dead run left would be taken away (dry run)' }
    : { state: 'undone', reason: `the rollout of ${finding.whose} would be rolled back (dry run)` };
}

/** After what was left has been taken away: what the dead run had come to. Pure. */
function ended(newest: ServiceDeployment | null): Ended {
  if (newest === null || patienceOf(newest.deploymentConfiguration) === null) {
    return { state: 'undone', reason: 'what a dead run had left is gone; it had begun no deployment' };
  }
  const which = `${newest.serviceDeploymentArn} (${newest.status})`;
  switch (trafficOf(newest).phase) {
    case 'done':
    case 'keeping-old':
    case 'cleaning-up':
      return {
        state: 'finished',
        reason: `a dead run's deployment ${which} had come to 100%; what it left is gone`,
      };
    case 'rolled-back':
      return {
        state: 'undone',
        reason: `ECS had rolled a dead run's deployment ${which} back; what it left is gone`,
      };
    default:
      return { state: 'dirty', reason: `look at the weights and tasks of service deployment ${which}` };
  }
}
