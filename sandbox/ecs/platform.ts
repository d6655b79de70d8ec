import { addressesInUse } from './fargate.ts';
import { registerInstance, type InstanceSpec } from './instances.ts';
import type { FargateLimits, InstanceRecord, SubnetRecord, World } from './world.ts';

/** What is underneath ECS: EC2 instances, the capacity of Fargate, the addresses of subnets. */
export interface Platform {
  /**
   * Registers a container instance and returns its EC2 instance id. From the first one on, the
   * cluster's tasks need room.
   */
  addInstance(spec: InstanceSpec): string;
  /** Makes a cluster without instances full. */
  limit(cluster: string): void;
  /** Sets whether the agent of an instance is connected. No task is placed on one that is not. */
  setAgent(ec2InstanceId: string, connected: boolean): void;
  setFargate(limits: Partial<FargateLimits>): void;
  /** `freeAddresses`: for tasks that are not running yet. */
  setSubnet(
    id: string,
    subnet: Partial<Pick<SubnetRecord, 'availabilityZone' | 'shortage'>> & {
      readonly freeAddresses?: number;
    },
  ): void;
}

export function createPlatform(world: World): Platform {
  const instance = (id: string): InstanceRecord => {
    const found = [...world.instances.values()].find(({ ec2InstanceId }) => ec2InstanceId === id);
    if (!found) throw new Error(`The sandbox has no instance ${id}.`);
    return found;
  };
  return {
    addInstance: (spec) => registerInstance(world, spec).ec2InstanceId,
    limit(name) {
      const cluster = world.clusters.get(name);
      if (!cluster) throw new Error(`The sandbox has no cluster ${name}.`);
      cluster.isLimited = true;
    },
    setAgent(id, connected) {
      instance(id).agentConnected = connected;
    },
    setFargate: (limits) => void Object.assign(world.fargate, limits),
    setSubnet(id, { freeAddresses, ...rest }) {
      const before = world.subnets.get(id) ?? {
        id,
        availabilityZone: 'eu-west-1a',
        addresses: null,
        shortage: 'refused',
      };
      const addresses =
        freeAddresses === undefined ? before.addresses : freeAddresses + addressesInUse(world, id);
      world.subnets.set(id, { ...before, ...rest, addresses });
    },
  };
}
