import { DescribeServicesCommand, type ECSClient, type ServiceEvent } from '@aws-sdk/client-ecs';
import type { ServiceRef } from '../../core/service-ref.ts';

/** The newest hundred events of a service, newest first. Rejects with the errors of the SDK. */
export async function readServiceEvents(
  ecs: ECSClient,
  { cluster, name }: ServiceRef,
): Promise<readonly ServiceEvent[]> {
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster, services: [name] }));
  return services?.[0]?.events ?? [];
}
