import type {
  Cluster,
  CreateClusterRequest,
  DeleteClusterRequest,
  DescribeClustersRequest,
  ListClustersRequest,
} from '@aws-sdk/client-ecs';
import { AwsError, type Service } from '../wire/service.ts';
import { checkClusterProviders } from './cluster-providers.ts';
import { lastPart } from './names.ts';
import { page } from './paging.ts';
import { addTags, checkNewTags, tagsOf } from './tags.ts';
import type { ClusterRecord, World } from './world.ts';

export function clusterOperations(world: World): Service['operations'] {
  return {
    CreateCluster(input: CreateClusterRequest) {
      const name = input.clusterName ?? 'default';
      if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) {
        throw new AwsError(
          'InvalidParameterException',
          'Identifier is for cluster: contains invalid characters.',
        );
      }
      checkNewTags(input.tags);
      const { capacityProviders = [], defaultCapacityProviderStrategy: defaultStrategy = [] } = input;
      checkClusterProviders(world, capacityProviders, defaultStrategy);
      let cluster = world.clusters.get(name);
      if (cluster?.status !== 'ACTIVE') {
        cluster = {
          arn: world.names.arn('cluster', name),
          name,
          status: 'ACTIVE',
          settings: input.settings ?? [{ name: 'containerInsights', value: 'disabled' }],
          configuration: input.configuration,
          serviceConnectDefaults: input.serviceConnectDefaults,
          capacityProviders,
          defaultStrategy,
          isLimited: false,
        };
        world.clusters.set(name, cluster);
        world.tags.delete(cluster.arn);
        addTags(world, cluster.arn, input.tags ?? []);
      }
      return { cluster: clusterView(world, cluster) };
    },

    DescribeClusters(input: DescribeClustersRequest) {
      const { include = [] } = input;
      const asked = input.clusters?.length ? input.clusters : ['default'];
      const found = asked.map((name) => world.clusters.get(lastPart(name)));
      return {
        clusters: found
          .filter((cluster) => cluster !== undefined)
          .map((cluster) => ({
            ...clusterView(world, cluster),
            ...(!include.includes('TAGS') && { tags: [] }),
            ...(!include.includes('SETTINGS') && { settings: [] }),
            ...(!include.includes('CONFIGURATIONS') && { configuration: undefined }),
          })),
        failures: asked
          .filter((_, index) => found[index] === undefined)
          .map((name) => ({ arn: world.names.arn('cluster', lastPart(name)), reason: 'MISSING' })),
      };
    },

    ListClusters(input: ListClustersRequest) {
      const active = [...world.clusters.values()].filter((cluster) => cluster.status === 'ACTIVE');
      const { items, ...rest } = page(active, input);
      return { clusterArns: items.map((cluster) => cluster.arn), ...rest };
    },

    DeleteCluster(input: DeleteClusterRequest) {
      const cluster = findCluster(world, input.cluster);
      const { activeServicesCount, runningTasksCount, pendingTasksCount } = clusterView(world, cluster);
      if (activeServicesCount) {
        throw new AwsError(
          'ClusterContainsServicesException',
          'The Cluster cannot be deleted while Services are active.',
        );
      }
      if (runningTasksCount || pendingTasksCount) {
        throw new AwsError(
          'ClusterContainsTasksException',
          'The Cluster cannot be deleted while Tasks are active.',
        );
      }
      cluster.status = 'INACTIVE';
      return { cluster: clusterView(world, cluster) };
    },
  };
}

/** Finds a cluster by name or ARN; the default is `default`. Throws ClusterNotFoundException. */
export function findCluster(world: World, nameOrArn: string | undefined): ClusterRecord {
  const cluster = world.clusters.get(lastPart(nameOrArn ?? 'default'));
  if (cluster?.status !== 'ACTIVE') throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
  return cluster;
}

export function clusterView(world: World, cluster: ClusterRecord): Cluster {
  const tasks = [...world.tasks.values()].filter((task) => task.cluster === cluster);
  const services = [...world.services.values()].filter((service) => service.cluster === cluster);
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: cluster.status,
    registeredContainerInstancesCount: [...world.instances.values()].filter(
      (instance) => instance.cluster === cluster,
    ).length,
    runningTasksCount: tasks.filter((task) => task.lastStatus === 'RUNNING').length,
    pendingTasksCount: tasks.filter(
      (task) => task.lastStatus === 'PROVISIONING' || task.lastStatus === 'PENDING',
    ).length,
    activeServicesCount: services.filter((service) => service.status !== 'INACTIVE').length,
    statistics: [],
    tags: tagsOf(world, cluster.arn),
    settings: cluster.settings,
    configuration: cluster.configuration,
    serviceConnectDefaults: cluster.serviceConnectDefaults,
    capacityProviders: [...cluster.capacityProviders],
    defaultCapacityProviderStrategy: [...cluster.defaultStrategy],
  };
}
