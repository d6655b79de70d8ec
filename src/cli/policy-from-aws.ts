import { DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import type { Clients } from '../aws/clients.ts';
import { findService } from '../aws/ecs/find-service.ts';
import { definedBy, type Defined } from './policy-definition.ts';
import { parseArn } from '../core/arn.ts';

/** What AWS knows of a service that a policy is about. */
export interface FromAws extends Defined {
  readonly account: string;
  /** Null: it has no load balancer that ECS moves. */
  readonly infrastructureRole: string | null;
}

/** Two calls. Rejects with UserError. */
export async function readFromAws(
  clients: Clients,
  { cluster, service: name }: { readonly cluster: string; readonly service: string },
): Promise<FromAws> {
  const ecs = await clients.ecs();
  const {
    serviceArn = '',
    taskDefinition,
    loadBalancers = [],
  } = await findService(ecs, { service: name, cluster });
  const described = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  const roles = loadBalancers.flatMap(({ advancedConfiguration }) => advancedConfiguration?.roleArn ?? []);
  return {
    ...definedBy(described.taskDefinition ?? {}),
    account: parseArn(serviceArn)?.account ?? '',
    infrastructureRole: roles[0] ?? null,
  };
}
