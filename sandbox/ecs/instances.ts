import type {
  Attribute,
  ContainerInstance,
  DescribeContainerInstancesRequest,
  ListContainerInstancesRequest,
  Resource,
  UpdateContainerInstancesStateRequest,
} from '@aws-sdk/client-ecs';
import { AwsError, type Service } from '../wire/service.ts';
import { parseQuery, QueryMistake, type Query, type QuerySubject } from './cluster-query.ts';
import { findCluster } from './clusters.ts';
import { lastPart } from './names.ts';
import { page } from './paging.ts';
import { needOf } from './need.ts';
import type { ClusterRecord, InstanceRecord, TaskRecord, World } from './world.ts';

/** Ports of SSH, Docker and the ECS agent. */
const RESERVED_PORTS = ['22', '2375', '2376', '51678', '51679'];
const AT_ONCE = 100;
const UPDATED_AT_ONCE = 10;

export interface InstanceSpec {
  /** CPU units and MiB that tasks can reserve. */
  readonly cpu: number;
  readonly memory: number;
  readonly cluster: string;
  readonly ec2InstanceId?: string;
  /** Default `eu-west-1a`. */
  readonly availabilityZone?: string;
  /** Default `t3.medium`. */
  readonly instanceType?: string;
  /** Custom attributes; `null` for one without a value. */
  readonly attributes?: Readonly<Record<string, string | null>>;
  /**
   * How many `awsvpc` tasks it has network interfaces for. Default: no limit, as with ENI trunking.
   */
  readonly networkInterfaces?: number;
  /** The capacity provider that it belongs to. */
  readonly capacityProvider?: string;
  readonly agentConnected?: boolean;
}

/** Registers an instance as its ECS agent does. */
export function registerInstance(world: World, spec: InstanceSpec): InstanceRecord {
  const cluster = findCluster(world, spec.cluster);
  const id = world.names.hex(32);
  const instance: InstanceRecord = {
    arn: world.names.arn('container-instance', `${cluster.name}/${id}`),
    cluster,
    ec2InstanceId: spec.ec2InstanceId ?? `i-${world.names.hex(17)}`,
    cpu: spec.cpu,
    memory: spec.memory,
    networkInterfaces: spec.networkInterfaces ?? null,
    attributes: new Map([
      ...CAPABILITIES.map((name) => [name, null] as const),
      ['ecs.availability-zone', spec.availabilityZone ?? 'eu-west-1a'],
      ['ecs.instance-type', spec.instanceType ?? 't3.medium'],
      ...(spec.networkInterfaces === undefined
        ? [['ecs.awsvpc-trunk-id', `eni-${id.slice(0, 17)}`] as const]
        : []),
      ['ecs.os-type', 'linux'],
      ['ecs.cpu-architecture', 'x86_64'],
      ...Object.entries(spec.attributes ?? {}),
    ]),
    capacityProvider: spec.capacityProvider ?? null,
    registeredAt: new Date(world.clock.now()),
    status: 'ACTIVE',
    agentConnected: spec.agentConnected ?? true,
  };
  cluster.isLimited = true;
  world.instances.set(instance.arn, instance);
  return instance;
}

/** What a current agent can do, among what task definitions require here. */
const CAPABILITIES = [
  'com.amazonaws.ecs.capability.logging-driver.awslogs',
  'ecs.capability.execution-role-awslogs',
  'com.amazonaws.ecs.capability.ecr-auth',
  'ecs.capability.secrets.asm.environment-variables',
  'com.amazonaws.ecs.capability.task-iam-role',
  'ecs.capability.task-eni',
  'com.amazonaws.ecs.capability.docker-remote-api.1.18',
];

export function instancesOf(world: World, cluster: ClusterRecord): InstanceRecord[] {
  return [...world.instances.values()].filter((instance) => instance.cluster === cluster);
}

/** The tasks that reserve a part of the instance: those that are not STOPPED. */
export function tasksOn(world: World, instance: InstanceRecord): TaskRecord[] {
  return [...world.tasks.values()].filter(
    (task) => task.instance === instance && task.lastStatus !== 'STOPPED',
  );
}

export interface Remaining {
  readonly cpu: number;
  readonly memory: number;
  readonly ports: ReadonlySet<string>;
  readonly networkInterfaces: number;
}

export function remainingOf(world: World, instance: InstanceRecord): Remaining {
  const needs = tasksOn(world, instance).map(({ taskDefinition }) => needOf(taskDefinition));
  return {
    cpu: needs.reduce((left, need) => left - need.cpu, instance.cpu),
    memory: needs.reduce((left, need) => left - need.memory, instance.memory),
    ports: new Set([...RESERVED_PORTS, ...needs.flatMap(({ ports }) => ports)]),
    networkInterfaces:
      (instance.networkInterfaces ?? Infinity) - needs.filter((need) => need.networkInterface).length,
  };
}

/** For the cluster query language. */
export function subjectOf(world: World, instance: InstanceRecord): QuerySubject {
  const tasks = tasksOn(world, instance);
  return {
    attribute: (name) => instance.attributes.get(name),
    fields: {
      agentConnected: String(instance.agentConnected),
      ec2InstanceId: instance.ec2InstanceId,
      registeredAt: instance.registeredAt.toISOString(),
      runningTasksCount: String(tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length),
    },
    taskGroups: tasks.map(({ group }) => group),
  };
}

/** Throws InvalidParameterException for a mistake in the expression. */
export function queryOf(expression: string): Query {
  try {
    return parseQuery(expression);
  } catch (error) {
    if (!(error instanceof QueryMistake)) throw error;
    throw new AwsError('InvalidParameterException', error.message);
  }
}

export function instanceOperations(world: World): Service['operations'] {
  return {
    ListContainerInstances(input: ListContainerInstancesRequest) {
      const cluster = findCluster(world, input.cluster);
      const matches = input.filter ? queryOf(input.filter) : () => true;
      const found = instancesOf(world, cluster)
        .filter(({ status }) => input.status === undefined || status === input.status)
        .filter((instance) => matches(subjectOf(world, instance)))
        .map(({ arn }) => arn);
      const { items, ...rest } = page(found, input);
      return { containerInstanceArns: items, ...rest };
    },

    DescribeContainerInstances(input: DescribeContainerInstancesRequest) {
      const { containerInstances: asked = [] } = input;
      const found = lookUp(world, input.cluster, asked, AT_ONCE);
      return {
        containerInstances: found.flatMap((instance) => (instance ? [view(world, instance)] : [])),
        failures: missing(world, asked, found),
      };
    },

    UpdateContainerInstancesState(input: UpdateContainerInstancesStateRequest) {
      const { containerInstances: asked = [], status } = input;
      if (status !== 'ACTIVE' && status !== 'DRAINING') {
        throw new AwsError(
          'InvalidParameterException',
          'Container instance status should be one of [ACTIVE, DRAINING]',
        );
      }
      const found = lookUp(world, input.cluster, asked, UPDATED_AT_ONCE);
      for (const instance of found) if (instance) instance.status = status;
      return {
        containerInstances: found.flatMap((instance) => (instance ? [view(world, instance)] : [])),
        failures: missing(world, asked, found),
      };
    },
  };
}

function lookUp(
  world: World,
  cluster: string | undefined,
  asked: readonly string[],
  most: number,
): (InstanceRecord | undefined)[] {
  const { name } = findCluster(world, cluster);
  if (asked.length === 0) {
    throw new AwsError('InvalidParameterException', 'Container Instances cannot be empty.');
  }
  if (asked.length > most) {
    throw new AwsError('InvalidParameterException', `Specify at most ${most} container instances.`);
  }
  return asked.map((instance) =>
    world.instances.get(world.names.arn('container-instance', `${name}/${lastPart(instance)}`)),
  );
}

function missing(world: World, asked: readonly string[], found: readonly (InstanceRecord | undefined)[]) {
  return asked
    .filter((_, index) => found[index] === undefined)
    .map((arn) => ({
      arn: arn.startsWith('arn:') ? arn : world.names.arn('container-instance', arn),
      reason: 'MISSING',
    }));
}

function view(world: World, instance: InstanceRecord): ContainerInstance {
  const remaining = remainingOf(world, instance);
  const tasks = tasksOn(world, instance);
  return {
    containerInstanceArn: instance.arn,
    ec2InstanceId: instance.ec2InstanceId,
    ...(instance.capacityProvider !== null && { capacityProviderName: instance.capacityProvider }),
    version: 1,
    versionInfo: { agentVersion: '1.99.0', dockerVersion: 'DockerVersion: 25.0.8' },
    remainingResources: resources({ ...remaining, ports: [...remaining.ports] }),
    registeredResources: resources({ ...instance, ports: RESERVED_PORTS }),
    status: instance.status,
    agentConnected: instance.agentConnected,
    runningTasksCount: tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
    pendingTasksCount: tasks.filter(
      ({ lastStatus }) => lastStatus === 'PROVISIONING' || lastStatus === 'PENDING',
    ).length,
    attributes: [...instance.attributes].map(([name, value]): Attribute => ({
      name,
      ...(value !== null && { value }),
    })),
    registeredAt: instance.registeredAt,
    attachments: [],
    tags: [],
  };
}

function resources(amounts: { cpu: number; memory: number; ports: readonly string[] }): Resource[] {
  return [
    amount('CPU', amounts.cpu),
    amount('MEMORY', amounts.memory),
    portsTaken('PORTS', amounts.ports),
    portsTaken('PORTS_UDP', []),
  ];
}

const amount = (name: string, integerValue: number): Resource => ({
  name,
  type: 'INTEGER',
  doubleValue: 0,
  longValue: 0,
  integerValue,
});

const portsTaken = (name: string, ports: readonly string[]): Resource => ({
  ...amount(name, 0),
  type: 'STRINGSET',
  stringSetValue: [...ports],
});
