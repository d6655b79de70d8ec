import { MINUTE, SECOND, type Milliseconds } from '../../src/core/time/clock.ts';
import { addressesInUse } from './fargate.ts';
import { registerInstance, type InstanceSpec } from './instances.ts';
import { loseInstance } from './lose-instance.ts';
import { requestStop } from './tasks.ts';
import type { FargateLimits, InstanceRecord, SubnetRecord, TaskRecord, World } from './world.ts';

/** What is underneath ECS: EC2 instances, the capacity of Fargate, the addresses of subnets. */
export interface Platform {
  /**
   * Registers a container instance and returns its EC2 instance id. From the first one on, the
   * cluster's tasks need room.
   */
  addInstance(spec: InstanceSpec): string;
  /** Makes a cluster without instances full. */
  limit(cluster: string): void;
  /** The EC2 instance of a container instance; `null` when it is gone. */
  instanceId(containerInstanceArn: string): string | null;
  /** Sets whether the agent of an instance is connected. No task is placed on one that is not. */
  setAgent(ec2InstanceId: string, connected: boolean): void;
  /** Sets instances to DRAINING: ECS moves the tasks of services to others. */
  drain(...ec2InstanceIds: readonly string[]): void;
  /** An instance is gone, with its tasks. `noticedAfter`: when ECS notices; default 5 s. */
  terminate(ec2InstanceId: string, options?: { readonly noticedAfter?: Milliseconds }): void;
  /** The notice of a Spot instance: its agent drains it, and it is terminated two minutes later. */
  interruptSpotInstance(ec2InstanceId: string): void;
  /** Fargate Spot takes tasks back. `stopCode`: default `SpotInterruption`. */
  interruptSpotTasks(taskArns: readonly string[], stopCode?: 'SpotInterruption' | 'TerminationNotice'): void;
  /** Fargate retires what these tasks run on: ECS replaces them. */
  retire(taskArns: readonly string[]): void;
  /** ECS moves these tasks to another Availability Zone. */
  rebalance(taskArns: readonly string[]): void;
  /** The hosts of these tasks are impaired: ECS stops the tasks. */
  impair(taskArns: readonly string[]): void;
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
  const task = (arn: string): TaskRecord => {
    const found = world.tasks.get(arn);
    if (!found) throw new Error(`The sandbox has no task ${arn}.`);
    return found;
  };
  return {
    addInstance: (spec) => registerInstance(world, spec).ec2InstanceId,
    limit(name) {
      const cluster = world.clusters.get(name);
      if (!cluster) throw new Error(`The sandbox has no cluster ${name}.`);
      cluster.isLimited = true;
    },
    instanceId: (arn) => world.instances.get(arn)?.ec2InstanceId ?? null,
    setAgent(id, connected) {
      instance(id).agentConnected = connected;
    },
    drain(...ids) {
      for (const id of ids) instance(id).status = 'DRAINING';
    },
    terminate: (id, options) => loseInstance(world, instance(id), options?.noticedAfter ?? 5 * SECOND),
    interruptSpotInstance(id) {
      const interrupted = instance(id);
      interrupted.status = 'DRAINING';
      world.clock.after(2 * MINUTE, () => {
        if (interrupted.agentConnected) loseInstance(world, interrupted, 5 * SECOND);
      });
    },
    interruptSpotTasks(arns, code = 'SpotInterruption') {
      for (const arn of arns) requestStop(task(arn), { code, reason: 'Your Spot Task was interrupted.' });
    },
    retire(arns) {
      for (const arn of arns) {
        const retired = task(arn);
        const reason = `${serviceOf(retired)}ECS is performing maintenance on the underlying infrastructure hosting the task`;
        retired.leaving = { code: 'ServiceSchedulerInitiated', reason, event: '' };
      }
    },
    rebalance(arns) {
      for (const arn of arns) {
        const moved = task(arn);
        moved.leaving = {
          code: 'ServiceSchedulerInitiated',
          reason: `Scaling activity initiated by (deployment ${moved.startedBy})`,
          event: ` in ${moved.availabilityZone} due to AZ rebalancing`,
        };
      }
    },
    impair(arns) {
      const reason = 'The infrastructure hosting the task is impaired.';
      for (const arn of arns) requestStop(task(arn), { code: 'InfrastructureHealth', reason });
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

/** `Service web: ` for a task of a service. */
function serviceOf({ revision }: TaskRecord): string {
  return revision ? `Service ${revision.service.name}: ` : '';
}
