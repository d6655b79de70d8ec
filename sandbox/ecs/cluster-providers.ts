import type { CapacityProviderStrategyItem } from '@aws-sdk/client-ecs';
import { AwsError } from '../wire/service.ts';
import type { World } from './world.ts';

export const FARGATE_PROVIDERS: readonly string[] = ['FARGATE', 'FARGATE_SPOT'];

/** Throws InvalidParameterException for capacity providers that a cluster cannot be given. */
export function checkClusterProviders(
  world: World,
  providers: readonly string[],
  defaultStrategy: readonly CapacityProviderStrategyItem[],
): void {
  for (const name of providers) {
    if (FARGATE_PROVIDERS.includes(name) || world.capacityProviders.has(name)) continue;
    throw new AwsError(
      'InvalidParameterException',
      `The specified capacity provider '${name}' was not found. Specify a valid name or ARN and try again.`,
    );
  }
  checkAssociated(providers, defaultStrategy);
}

/** Throws InvalidParameterException for a strategy with a capacity provider that the cluster lacks. */
export function checkAssociated(
  providers: readonly string[],
  strategy: readonly CapacityProviderStrategyItem[],
): void {
  if (strategy.every(({ capacityProvider = '' }) => providers.includes(capacityProvider))) return;
  throw new AwsError(
    'InvalidParameterException',
    'The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. ' +
      'Associate the capacity provider with the cluster and try again.',
  );
}
