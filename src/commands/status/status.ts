import type { Clients } from '../../aws/clients.ts';
import { everyService } from '../../aws/ecs/every-service.ts';
import { findService } from '../../aws/ecs/find-service.ts';
import type { AskBranch } from '../drift/branch.ts';
import { observe } from '../drift/observe.ts';
import { statusOf, type ServiceStatus } from './service-status.ts';

export interface StatusRequest {
  readonly cluster: string;
  /** `null` for every service of the cluster. */
  readonly service: string | null;
}

interface StatusContext {
  readonly clients: Clients;
  readonly now: number;
  readonly askBranch: AskBranch;
}

export interface ClusterStatus {
  /** Sorted by name. */
  readonly services: readonly ServiceStatus[];
  /** What could not be read and is therefore not compared: one sentence for each IAM action. */
  readonly unread: readonly string[];
}

/**
 * The status of one service or of all services of a cluster. Rejects with UserError; other missing
 * data is `null`.
 */
export async function readStatus(
  { cluster, service }: StatusRequest,
  context: StatusContext,
): Promise<ClusterStatus> {
  const ecs = await context.clients.ecs();
  const services =
    service === null ? await everyService(ecs, cluster) : [await findService(ecs, { service, cluster })];
  const { observed, unread } = await observe(services, context);
  return {
    services: services
      .map((each) => statusOf(each, observed))
      .sort((a, b) => a.service.localeCompare(b.service)),
    unread,
  };
}
