import type {
  CapacityProvider,
  CreateCapacityProviderRequest,
  DeleteCapacityProviderRequest,
  DescribeCapacityProvidersRequest,
  PutClusterCapacityProvidersRequest,
} from '@aws-sdk/client-ecs';
import { AwsError, type Service } from '../wire/service.ts';
import { clusterView, findCluster } from './clusters.ts';
import { checkClusterProviders, FARGATE_PROVIDERS } from './cluster-providers.ts';
import { lastPart } from './names.ts';
import { addTags, checkNewTags, tagsOf } from './tags.ts';
import type { CapacityProviderRecord, World } from './world.ts';

export function capacityProviderOperations(world: World): Service['operations'] {
  return {
    CreateCapacityProvider(input: CreateCapacityProviderRequest) {
      const { name = '', autoScalingGroupProvider: group, tags = [] } = input;
      if (!/^(?!aws|ecs|fargate)[A-Za-z0-9_-]{1,255}$/i.test(name)) {
        refuse('The specified capacity provider name is invalid. Up to 255 characters are allowed.');
      }
      if (!group?.autoScalingGroupArn)
        refuse('The sandbox requires autoScalingGroupProvider.autoScalingGroupArn.');
      if (!world.groups.find(group.autoScalingGroupArn)) {
        refuse(
          `The specified Auto Scaling group ARN is invalid or does not exist: ${group.autoScalingGroupArn}`,
        );
      }
      if (world.capacityProviders.has(name)) {
        refuse('A capacity provider with the specified name already exists.');
      }
      checkNewTags(tags);
      const provider: CapacityProviderRecord = {
        arn: world.names.arn('capacity-provider', name),
        name,
        groupArn: group.autoScalingGroupArn,
        managedScaling: {
          status: 'DISABLED',
          targetCapacity: 100,
          minimumScalingStepSize: 1,
          maximumScalingStepSize: 10_000,
          instanceWarmupPeriod: 300,
          ...group.managedScaling,
        },
        managedTerminationProtection: group.managedTerminationProtection ?? 'DISABLED',
        managedDraining: group.managedDraining ?? 'ENABLED',
        scaledAt: 0,
        idleSince: new Map(),
      };
      world.capacityProviders.set(name, provider);
      addTags(world, provider.arn, tags);
      return { capacityProvider: view(world, provider) };
    },

    DescribeCapacityProviders(input: DescribeCapacityProvidersRequest) {
      const asked = (input.capacityProviders ?? []).map(lastPart);
      const all = [
        ...FARGATE_PROVIDERS.map((name): CapacityProvider => ({
          name,
          capacityProviderArn: world.names.arn('capacity-provider', name),
          status: 'ACTIVE',
        })),
        ...[...world.capacityProviders.values()].map((provider) => view(world, provider)),
      ];
      const known = new Set(all.map(({ name }) => name));
      return {
        capacityProviders: asked.length === 0 ? all : all.filter(({ name = '' }) => asked.includes(name)),
        failures: asked
          .filter((name) => !known.has(name))
          .map((name) => ({ arn: world.names.arn('capacity-provider', name), reason: 'MISSING' })),
      };
    },

    DeleteCapacityProvider(input: DeleteCapacityProviderRequest) {
      const provider = world.capacityProviders.get(lastPart(input.capacityProvider ?? ''));
      if (!provider) refuse('The specified capacity provider does not exist.');
      world.capacityProviders.delete(provider.name);
      return { capacityProvider: view(world, provider) };
    },

    PutClusterCapacityProviders(input: PutClusterCapacityProvidersRequest) {
      const cluster = findCluster(world, input.cluster);
      const { capacityProviders = [], defaultCapacityProviderStrategy = [] } = input;
      checkClusterProviders(world, capacityProviders, defaultCapacityProviderStrategy);
      cluster.capacityProviders = capacityProviders;
      cluster.defaultStrategy = defaultCapacityProviderStrategy;
      return { cluster: clusterView(world, cluster) };
    },
  };
}

function view(world: World, provider: CapacityProviderRecord): CapacityProvider {
  const { arn, name, groupArn, managedScaling, managedTerminationProtection, managedDraining } = provider;
  return {
    capacityProviderArn: arn,
    name,
    status: 'ACTIVE',
    autoScalingGroupProvider: {
      autoScalingGroupArn: groupArn,
      managedScaling,
      managedTerminationProtection,
      managedDraining,
    },
    tags: tagsOf(world, arn),
  };
}

function refuse(message: string): never {
  throw new AwsError('InvalidParameterException', message);
}
