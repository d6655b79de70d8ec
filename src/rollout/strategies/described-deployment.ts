import type { ServiceDeployment } from '@aws-sdk/client-ecs';

/**
 * The type allows any stage name: ECS may add stages, and the SDK's list is incomplete. An unknown
 * stage is shown by its name and waited for.
 */
export type DescribedDeployment = Omit<ServiceDeployment, 'lifecycleStage'> & {
  readonly lifecycleStage?: string;
};
