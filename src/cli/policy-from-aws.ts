import { DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import type { Clients } from '../aws/clients.ts';
import { findService } from '../aws/ecs/find-service.ts';
import { definedBy, type Defined } from './policy-definition.ts';
import { parseArn } from '../core/arn.ts';

/** The data of a service in AWS that a policy requires. */
export interface FromAws extends Defined {
  readonly account: string;
  /** `null` if the service has no load balancer whose traffic ECS moves. */
  readonly infrastructureRole: string | null;
  /** The subnets of its tasks. */
  readonly subnets: readonly string[];
}

/** Reads the data of a service with two calls. Rejects with UserError. */
export async function readFromAws(
  clients: Clients,
  { cluster, service: name }: { readonly cluster: string; readonly service: string },
): Promise<FromAws> {
  const ecs = await clients.ecs();
  const {
    serviceArn = '',
    taskDefinition,
    loadBalancers = [],
    networkConfiguration,
  } = await findService(ecs, { service: name, cluster });
  const described = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  const roles = loadBalancers.flatMap(({ advancedConfiguration }) => advancedConfiguration?.roleArn ?? []);
  return {
    ...definedBy(described.taskDefinition ?? {}),
    account: parseArn(serviceArn)?.account ?? '',
    infrastructureRole: roles[0] ?? null,
    subnets: networkConfiguration?.awsvpcConfiguration?.subnets ?? [],
  };
}
