import type { ContainerInstance, ECSClient, Service } from '@aws-sdk/client-ecs';
import type { Ec2 } from '../../../aws/ec2.ts';
import { tasksOf } from '../../../aws/ecs/tasks.ts';
import type { Host } from './places.ts';

/** With ENI trunking an instance takes more tasks, by a table that AWS has no API for. */
const TRUNK = 'ecs.awsvpc-trunk-id';
const TYPE = 'ecs.instance-type';

/**
 * Adds to each instance for how many more tasks it has network interfaces: of what its type has, one is
 * its own, and one belongs to each task. Of the tasks, only those of this service are counted, so the
 * number may be too large but not too small. Rejects with UserError when AWS refuses a read.
 */
export async function withInterfaces(
  { ec2, ecs }: { readonly ec2: () => Promise<Ec2>; readonly ecs: ECSClient },
  service: Service,
  hosts: readonly ContainerInstance[],
): Promise<readonly Host[]> {
  const types = new Set(hosts.flatMap((host) => limitedType(host) ?? []));
  if (types.size === 0) return hosts;
  const [described, tasks] = await Promise.all([
    ec2().then((client) => client.describeInstanceTypes([...types])),
    tasksOf(ecs, { cluster: service.clusterArn!, name: service.serviceName! }, 'RUNNING'),
  ]);
  const limits = new Map(
    described.map(({ InstanceType, NetworkInfo }) => [
      String(InstanceType),
      NetworkInfo?.MaximumNetworkInterfaces,
    ]),
  );
  return hosts.map((host) => {
    const limit = limits.get(limitedType(host) ?? '');
    if (limit === undefined) return host;
    const whenEmpty = limit - 1;
    const used = tasks.filter(
      ({ containerInstanceArn }) => containerInstanceArn === host.containerInstanceArn,
    ).length;
    return { ...host, interfaces: { whenEmpty, free: Math.max(0, whenEmpty - used) } };
  });
}

/** The type of an instance without trunking. */
function limitedType({ attributes = [] }: ContainerInstance): string | null {
  if (attributes.some(({ name }) => name === TRUNK)) return null;
  return attributes.find(({ name }) => name === TYPE)?.value ?? null;
}
