import type {
  DescribeTasksRequest,
  ListTasksRequest,
  RunTaskRequest,
  StopTaskRequest,
  Task,
} from '@aws-sdk/client-ecs';
import { AwsError, type Service } from '../wire/service.ts';
import { findCluster } from './clusters.ts';
import { findService } from './find-service.ts';
import { launchTask } from './launch.ts';
import { lastPart } from './names.ts';
import { page } from './paging.ts';
import { checkCapacityProviders, checkLaunch, checkNetwork, strategyOf } from './service-rules.ts';
import { addTags, checkNewTags, tagsOf } from './tags.ts';
import { runnableTaskDefinition } from './task-definitions.ts';
import { requestStop } from './tasks.ts';
import type { TaskRecord, World } from './world.ts';

const DESCRIBED_AT_ONCE = 100;
const RUN_AT_ONCE = 10;

export function taskOperations(world: World): Service['operations'] {
  return {
    ListTasks(input: ListTasksRequest) {
      const cluster = findCluster(world, input.cluster);
      const { desiredStatus = 'RUNNING', family, startedBy, serviceName, launchType } = input;
      const { containerInstance } = input;
      const service =
        serviceName === undefined ? null : findService(world, { ...input, service: serviceName });
      const found = [...world.tasks.values()]
        .filter((task) => task.cluster === cluster && task.desiredStatus === desiredStatus)
        .filter((task) => service === null || task.revision?.service === service)
        .filter((task) => family === undefined || task.taskDefinition.family === family)
        .filter((task) => startedBy === undefined || task.startedBy === startedBy)
        .filter((task) => launchType === undefined || task.launchType === launchType)
        .filter(
          (task) =>
            containerInstance === undefined ||
            (task.instance && lastPart(task.instance.arn) === lastPart(containerInstance)),
        )
        .map((task) => task.arn);
      const { items, ...rest } = page(found, input);
      return { taskArns: items, ...rest };
    },

    DescribeTasks(input: DescribeTasksRequest) {
      findCluster(world, input.cluster);
      const { tasks: asked = [], include = [] } = input;
      if (asked.length === 0) throw new AwsError('InvalidParameterException', 'Tasks cannot be empty.');
      if (asked.length > DESCRIBED_AT_ONCE) {
        throw new AwsError('InvalidParameterException', `Specify at most ${DESCRIBED_AT_ONCE} tasks.`);
      }
      const found = asked.map((task) => lookUpTask(world, task, input.cluster));
      return {
        tasks: found
          .filter((task) => task !== undefined)
          .map((task) => ({
            ...view(world, task),
            ...(include.includes('TAGS') && { tags: tagsOf(world, task.arn) }),
          })),
        failures: asked
          .filter((_, index) => found[index] === undefined)
          .map((task) => ({
            arn: taskArn(world, task, input.cluster),
            reason: 'MISSING',
          })),
      };
    },

    StopTask(input: StopTaskRequest) {
      findCluster(world, input.cluster);
      const task = lookUpTask(world, input.task ?? '', input.cluster);
      if (!task) {
        throw new AwsError('InvalidParameterException', 'The referenced task was not found.');
      }
      requestStop(task, { reason: input.reason ?? 'Task stopped by user', code: 'UserInitiated' });
      return { task: view(world, task) };
    },

    RunTask: (input: RunTaskRequest) =>
      world.clientTokens.once(
        { operation: 'RunTask', token: input.clientToken, input, conflict: otherRunTask },
        () => runTask(world, input),
      ),
  };
}

const otherRunTask = ({ tasks }: { readonly tasks: readonly Task[] }) =>
  new AwsError(
    'ConflictException',
    'The clientToken is already in use with a different RunTask request.',
    400,
    { resourceIds: tasks.map(({ taskArn }) => taskArn) },
  );

function runTask(world: World, input: RunTaskRequest) {
  const cluster = findCluster(world, input.cluster);
  const taskDefinition = runnableTaskDefinition(world, input.taskDefinition);
  checkNetwork(taskDefinition, input.networkConfiguration);
  checkLaunch(input);
  const capacityProviderStrategy = strategyOf(cluster, input) ?? [];
  checkCapacityProviders(cluster, { capacityProviderStrategy });
  checkNewTags(input.tags);
  const { count = 1 } = input;
  if (!Number.isInteger(count) || count < 1 || count > RUN_AT_ONCE) {
    throw new AwsError('InvalidParameterException', `count must be between 1 and ${RUN_AT_ONCE}.`);
  }
  if (input.overrides?.containerOverrides?.length) {
    throw new AwsError('UnsupportedFeatureException', 'The sandbox does not know container overrides.');
  }
  const obstacle = world.settings.whyNoPlace(cluster.name);
  if (obstacle !== null) {
    return {
      tasks: [],
      failures: [{ arn: world.names.arn('container-instance', cluster.name), reason: obstacle }],
    };
  }
  const launched = Array.from({ length: count }, () =>
    launchTask(world, {
      cluster,
      taskDefinition,
      revision: null,
      launchType: input.launchType ?? 'EC2',
      capacityProviderStrategy,
      constraints: input.placementConstraints ?? [],
      strategy: input.placementStrategy ?? [],
      subnets: input.networkConfiguration?.awsvpcConfiguration?.subnets ?? [],
      group: input.group ?? `family:${taskDefinition.family}`,
      startedBy: input.startedBy,
      enableExecuteCommand: input.enableExecuteCommand ?? false,
    }),
  );
  const tasks = launched.flatMap((launch) => ('task' in launch ? [launch.task] : []));
  for (const task of tasks) addTags(world, task.arn, input.tags ?? []);
  return {
    tasks: tasks.map((task) => view(world, task)),
    failures: launched.flatMap((launch) =>
      'obstacle' in launch ? [{ arn: launch.obstacle.arn, reason: launch.obstacle.reason }] : [],
    ),
  };
}

function taskArn(world: World, task: string, cluster: string | undefined): string {
  return task.startsWith('arn:')
    ? task
    : world.names.arn('task', `${lastPart(cluster ?? 'default')}/${lastPart(task)}`);
}

function lookUpTask(world: World, task: string, cluster: string | undefined): TaskRecord | undefined {
  return world.tasks.get(taskArn(world, task, cluster));
}

function view(world: World, task: TaskRecord): Task {
  const { definition } = task.taskDefinition;
  const address = task.placement?.address;
  const onFargate = task.launchType === 'FARGATE';
  const attachmentId = task.containerIds.values().next().value;
  return {
    taskArn: task.arn,
    clusterArn: task.cluster.arn,
    taskDefinitionArn: task.taskDefinition.arn,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    group: task.group,
    startedBy: task.startedBy,
    launchType: task.launchType,
    cpu: definition.cpu,
    memory: definition.memory,
    availabilityZone: task.availabilityZone,
    ...(task.instance && { containerInstanceArn: task.instance.arn }),
    ...(task.capacityProvider !== null && { capacityProviderName: task.capacityProvider }),
    connectivity: task.placement && !task.end ? 'CONNECTED' : undefined,
    ...(onFargate && { platformVersion: '1.4.0', platformFamily: 'Linux' }),
    healthStatus: 'UNKNOWN',
    enableExecuteCommand: task.enableExecuteCommand,
    overrides: { containerOverrides: [], inferenceAcceleratorOverrides: [] },
    attributes: [],
    inferenceAccelerators: [],
    attachments:
      definition.networkMode === 'awsvpc'
        ? [
            {
              id: attachmentId,
              type: 'ElasticNetworkInterface',
              status: task.end ? 'DELETED' : address ? 'ATTACHED' : 'PRECREATED',
              details: address ? [{ name: 'privateIPv4Address', value: address }] : [],
            },
          ]
        : [],
    containers: (definition.containerDefinitions ?? []).map(({ name = '', image, cpu, memory }) => {
      const ended = task.end?.containers.find((container) => container.name === name);
      return {
        containerArn: world.names.arn(
          'container',
          `${task.cluster.name}/${task.id}/${task.containerIds.get(name) ?? ''}`,
        ),
        taskArn: task.arn,
        name,
        image,
        imageDigest: task.digests.get(name),
        lastStatus: task.end ? 'STOPPED' : task.placement ? 'RUNNING' : 'PENDING',
        exitCode: ended?.exitCode ?? undefined,
        reason: ended?.reason ?? undefined,
        healthStatus: 'UNKNOWN',
        networkInterfaces:
          address && definition.networkMode === 'awsvpc'
            ? [{ attachmentId, privateIpv4Address: address }]
            : [],
        networkBindings:
          definition.networkMode === 'awsvpc'
            ? []
            : (task.placement?.ports ?? [])
                .filter((port) => port.container === name)
                .map(({ containerPort, hostPort }) => ({
                  bindIP: '0.0.0.0',
                  containerPort,
                  hostPort,
                  protocol: 'tcp' as const,
                })),
        cpu: String(cpu ?? 0),
        memory: memory === undefined ? undefined : String(memory),
      };
    }),
    createdAt: new Date(task.createdAt),
    pullStartedAt: date(task.pullStartedAt),
    pullStoppedAt: date(task.pullStoppedAt),
    startedAt: date(task.startedAt),
    stoppingAt: date(task.stoppingAt),
    executionStoppedAt: date(task.stoppedAt),
    stoppedAt: date(task.stoppedAt),
    stoppedReason: task.stopRequest?.reason ?? task.end?.reason,
    stopCode: task.stopRequest?.code ?? task.end?.stopCode,
    version: task.version,
  };
}

function date(at: number | null): Date | undefined {
  return at === null ? undefined : new Date(at);
}
