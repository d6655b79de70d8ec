import type { ServiceDeployment } from '@aws-sdk/client-ecs';

/** Stages are an open list, and the SDK's lacks one: what is not known here is told by its name and waited for. */
export type DescribedDeployment = Omit<ServiceDeployment, 'lifecycleStage'> & {
  readonly lifecycleStage?: string;
};
