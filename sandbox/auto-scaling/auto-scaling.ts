import type {
  AutoScalingGroup,
  AutoScalingGroupNamesType,
  CreateAutoScalingGroupType,
  DeleteAutoScalingGroupType,
  SetDesiredCapacityType,
  UpdateAutoScalingGroupType,
} from '@aws-sdk/client-auto-scaling';
import { MINUTE, type Clock, type Milliseconds } from '../../src/core/time/clock.ts';
import type { InstanceGroup, InstanceGroups } from '../ports.ts';
import { AwsError, type Service } from '../wire/service.ts';

export interface AutoScalingOptions {
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  readonly random: () => number;
  /** From the decision to launch an instance until it is in service; default 2 minutes. */
  readonly launchTime?: Milliseconds;
}

interface GroupRecord extends InstanceGroup {
  minimum: number;
  maximum: number;
  desired: number;
  readonly createdAt: Date;
  readonly subnets: string;
  launch: Launch;
  instances: InstanceInGroup[];
}

/** What instances are launched from. Only the first override of the policy is used. */
type Launch = Pick<AutoScalingGroup, 'LaunchTemplate' | 'MixedInstancesPolicy'>;

interface InstanceInGroup {
  readonly id: string;
  readonly zone: string;
  state: 'Pending' | 'InService' | 'Terminating:Wait';
}

const ZONES = ['eu-west-1a', 'eu-west-1b'];

/**
 * Amazon EC2 Auto Scaling: groups with a size, whose instances are in service some time after they
 * are needed. The instance type comes from the first override of the mixed instances policy.
 */
export function createAutoScaling(options: AutoScalingOptions): {
  readonly service: Service;
  readonly groups: InstanceGroups & { named(name: string): InstanceGroup | null };
  close(): void;
} {
  const { clock, account, region, random, launchTime = 2 * MINUTE } = options;
  const groups = new Map<string, GroupRecord>();
  const cancels = new Set<() => void>();

  function adjust(group: GroupRecord): void {
    const staying = group.instances.filter(({ state }) => state !== 'Terminating:Wait');
    for (let missing = group.desired - staying.length; missing > 0; missing--) launch(group);
    // The oldest are terminated first, as AWS does by default. Their drain comes before.
    for (const instance of staying.slice(0, Math.max(0, staying.length - group.desired))) {
      instance.state = 'Terminating:Wait';
    }
  }

  function launch(group: GroupRecord): void {
    const hex = Array.from({ length: 17 }, () => Math.floor(random() * 16).toString(16)).join('');
    const instance: InstanceInGroup = {
      id: `i-${hex}`,
      zone: ZONES[group.instances.length % ZONES.length]!,
      state: 'Pending',
    };
    group.instances.push(instance);
    const cancel = clock.after(launchTime, () => {
      cancels.delete(cancel);
      if (instance.state === 'Pending') instance.state = 'InService';
    });
    cancels.add(cancel);
  }

  function resize(group: GroupRecord, size: { minimum: number; maximum: number; desired: number }): void {
    const { minimum, maximum, desired } = size;
    if (minimum > maximum || desired < minimum || desired > maximum) {
      throw new AwsError(
        'ValidationError',
        `New SetDesiredCapacity value ${desired} is not between the min value ${minimum} and the max value ${maximum} for the AutoScalingGroup.`,
      );
    }
    Object.assign(group, size);
    adjust(group);
  }

  function find(name = ''): GroupRecord {
    const group = groups.get(name);
    if (!group) throw new AwsError('ValidationError', `AutoScalingGroup name not found - ${name}`);
    return group;
  }

  function create(input: CreateAutoScalingGroupType) {
    const name = input.AutoScalingGroupName ?? '';
    if (groups.has(name)) {
      throw new AwsError('AlreadyExists', 'AutoScalingGroup by this name already exists');
    }
    const type = input.MixedInstancesPolicy?.LaunchTemplate?.Overrides?.[0]?.InstanceType ?? 't3.medium';
    const group: GroupRecord = {
      arn: `arn:aws:autoscaling:${region}:${account}:autoScalingGroup:${uuid(random)}:autoScalingGroupName/${name}`,
      name,
      instanceType: type,
      minimum: 0,
      maximum: 0,
      desired: 0,
      createdAt: new Date(clock.now()),
      subnets: input.VPCZoneIdentifier ?? '',
      launch: launchOf(input),
      instances: [],
    };
    const { MinSize: minimum = 0, MaxSize: maximum = 0, DesiredCapacity: desired = minimum } = input;
    resize(group, { minimum, maximum, desired });
    groups.set(name, group);
    return {};
  }

  function update(input: UpdateAutoScalingGroupType) {
    const group = find(input.AutoScalingGroupName);
    const { MinSize: minimum = group.minimum, MaxSize: maximum = group.maximum } = input;
    const desired = input.DesiredCapacity ?? Math.min(Math.max(group.desired, minimum), maximum);
    resize(group, { minimum, maximum, desired });
    if (input.LaunchTemplate || input.MixedInstancesPolicy) group.launch = launchOf(input);
    return {};
  }

  return {
    service: {
      name: 'auto-scaling',
      operations: {
        CreateAutoScalingGroup: create,
        UpdateAutoScalingGroup: update,
        SetDesiredCapacity(input: SetDesiredCapacityType) {
          const group = find(input.AutoScalingGroupName);
          resize(group, { ...group, desired: input.DesiredCapacity ?? group.desired });
          return {};
        },
        DeleteAutoScalingGroup(input: DeleteAutoScalingGroupType) {
          const group = find(input.AutoScalingGroupName);
          if (group.instances.length > 0 && !input.ForceDelete) {
            throw new AwsError(
              'ResourceInUse',
              'You cannot delete an AutoScalingGroup while there are instances.',
            );
          }
          groups.delete(group.name);
          return {};
        },
        DescribeAutoScalingGroups(input: AutoScalingGroupNamesType) {
          const names = input.AutoScalingGroupNames ?? [];
          const found = [...groups.values()].filter(({ name }) => names.length === 0 || names.includes(name));
          return { AutoScalingGroups: found.map(view) };
        },
      },
    },
    groups: {
      named: (name) => groups.get(name) ?? null,
      find: (arn) => [...groups.values()].find((group) => group.arn === arn) ?? null,
      grow(arn, by) {
        const group = [...groups.values()].find((candidate) => candidate.arn === arn);
        if (!group) return;
        const desired = Math.min(group.maximum, group.desired + by);
        if (desired > group.desired) resize(group, { ...group, desired });
      },
      release(arn, id) {
        const group = [...groups.values()].find((candidate) => candidate.arn === arn);
        const instance = group?.instances.find((candidate) => candidate.id === id);
        if (!group || !instance) return;
        if (instance.state !== 'Terminating:Wait') {
          if (group.desired <= group.minimum) return;
          group.desired--;
        }
        group.instances = group.instances.filter((candidate) => candidate !== instance);
      },
      lose(id) {
        for (const group of groups.values()) {
          if (!group.instances.some((instance) => instance.id === id)) continue;
          group.instances = group.instances.filter((instance) => instance.id !== id);
          adjust(group);
        }
      },
    },
    close() {
      for (const cancel of cancels) cancel();
    },
  };
}

const launchOf = ({ LaunchTemplate, MixedInstancesPolicy }: Launch): Launch => ({
  LaunchTemplate,
  MixedInstancesPolicy,
});

function view(group: GroupRecord): AutoScalingGroup {
  const { arn, name, minimum, maximum, desired, createdAt, subnets, instances, instanceType } = group;
  return {
    AutoScalingGroupARN: arn,
    AutoScalingGroupName: name,
    ...group.launch,
    MinSize: minimum,
    MaxSize: maximum,
    DesiredCapacity: desired,
    DefaultCooldown: 300,
    AvailabilityZones: ZONES,
    VPCZoneIdentifier: subnets,
    HealthCheckType: 'EC2',
    CreatedTime: createdAt,
    Instances: instances.map(({ id, zone, state }) => ({
      InstanceId: id,
      InstanceType: instanceType,
      AvailabilityZone: zone,
      LifecycleState: state,
      HealthStatus: 'Healthy',
      ProtectedFromScaleIn: false,
    })),
  };
}

function uuid(random: () => number): string {
  const hex = (length: number) =>
    Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
  return [8, 4, 4, 4, 12].map(hex).join('-');
}
