import type { ScalableServices } from '../ports.ts';
import type { ServiceRecord, World } from './world.ts';

/** The services as Application Auto Scaling sees them. */
export function createScalableServices(world: World): ScalableServices {
  const find = (cluster: string, name: string): ServiceRecord | undefined =>
    [...world.services.values()].find(
      (service) => service.name === name && service.cluster.name === cluster && service.status === 'ACTIVE',
    );
  return {
    find(cluster, name) {
      const service = find(cluster, name);
      return service
        ? { desiredCount: service.desiredCount, isDeploying: service.deployment !== null }
        : null;
    },
    scale(cluster, name, desiredCount) {
      const service = find(cluster, name);
      if (service) service.desiredCount = desiredCount;
    },
  };
}
