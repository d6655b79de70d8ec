import { AwsError } from '../wire/service.ts';
import { findCluster } from './clusters.ts';
import { lastPart } from './names.ts';
import type { ServiceRecord, World } from './world.ts';

/**
 * Finds a service by name and cluster, or by ARN. Throws ClusterNotFoundException or
 * ServiceNotFoundException.
 */
export function findService(
  world: World,
  asked: { service?: string | undefined; cluster?: string | undefined },
): ServiceRecord {
  const service = lookUpService(world, asked);
  if (!service) throw new AwsError('ServiceNotFoundException', 'Service not found.');
  return service;
}

export function lookUpService(
  world: World,
  { service = '', cluster }: { service?: string | undefined; cluster?: string | undefined },
): ServiceRecord | undefined {
  const { name } = findCluster(world, cluster ?? clusterOf(service));
  return world.services.get(world.names.arn('service', `${name}/${lastPart(service)}`));
}

/** arn:...:service/CLUSTER/NAME contains the cluster. */
function clusterOf(service: string): string | undefined {
  return service.startsWith('arn:') ? service.split('/').at(-2) : undefined;
}
