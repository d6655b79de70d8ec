import type { ContainerToRun, TaskEnd, TaskReports } from '../ports.ts';
import { tell, taskList } from './events.ts';
import { deregister, isRegistered, register, targetState } from './registration.ts';
import type {
  ClusterRecord,
  DeploymentRecord,
  RevisionRecord,
  TaskDefinitionRecord,
  TaskRecord,
  World,
} from './world.ts';

/** ECS's default between SIGTERM and SIGKILL. */
const STOP_TIMEOUT_SECONDS = 30;

/** Creates a task in PROVISIONING, which `advanceTask` ends. */
export function createTask(
  world: World,
  options: {
    cluster: ClusterRecord;
    taskDefinition: TaskDefinitionRecord;
    revision: RevisionRecord | null;
  } & Pick<
    TaskRecord,
    | 'launchType'
    | 'capacityProvider'
    | 'instance'
    | 'subnet'
    | 'availabilityZone'
    | 'startFailure'
    | 'waitsForInstance'
    | 'group'
    | 'startedBy'
    | 'enableExecuteCommand'
  >,
): TaskRecord {
  const { cluster, taskDefinition, revision } = options;
  const id = world.names.hex(32);
  const containers = taskDefinition.definition.containerDefinitions ?? [];
  const task: TaskRecord = {
    ...options,
    id,
    arn: world.names.arn('task', `${cluster.name}/${id}`),
    containerIds: new Map(containers.map(({ name = '' }) => [name, world.names.uuid()])),
    createdAt: world.clock.now(),
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    pullStartedAt: null,
    pullStoppedAt: null,
    startedAt: null,
    stoppingAt: null,
    stoppedAt: null,
    stopRequest: null,
    leaving: null,
    end: null,
    placement: null,
    digests: new Map(),
    registrations: [],
    healthy: false,
    version: 1,
  };
  world.tasks.set(task.arn, task);
  revision?.tasks.add(task);
  return task;
}

/** Requests the stop of a task. A second request has no effect. */
export function requestStop(task: TaskRecord, request: { reason: string; code: TaskEnd['stopCode'] }): void {
  if (task.desiredStatus === 'STOPPED') return;
  task.desiredStatus = 'STOPPED';
  task.stopRequest = request;
  task.healthy = false;
  task.version += 1;
}

/** Moves a task by one status towards its desired status and the reports of its runner. */
export function advanceTask(world: World, task: TaskRecord): void {
  if (task.lastStatus === 'STOPPED') return;
  if (task.end) return finish(world, task, task.end);
  const stopping = task.desiredStatus === 'STOPPED';
  switch (task.lastStatus) {
    case 'PROVISIONING':
      if (stopping) return finish(world, task, neverStarted(task));
      if (task.startFailure) {
        if (world.clock.now() >= task.startFailure.at)
          finish(world, task, notStarted(task.startFailure.reason));
        return;
      }
      if (task.waitsForInstance) {
        const waited = world.clock.now() - task.createdAt;
        if (waited >= world.settings.provisioningTimeout) finish(world, task, notStarted('RESOURCE:CPU'));
        return;
      }
      if (task.instance && !task.instance.agentConnected) return;
      if (world.clock.now() >= task.createdAt + world.settings.schedulingDelay) start(world, task);
      return;
    case 'PENDING':
      if (stopping) return stopContainers(world, task);
      if (task.placement) enter(world, task, 'RUNNING');
      return;
    case 'RUNNING':
      if (stopping) return beginDraining(world, task);
      register(world, task);
      return watchHealth(world, task);
    case 'DEACTIVATING':
      if (!isRegistered(world, task)) stopContainers(world, task);
      return;
    case 'STOPPING':
      return;
  }
}

function enter(world: World, task: TaskRecord, status: TaskRecord['lastStatus']): void {
  task.lastStatus = status;
  task.version += 1;
  if (status === 'RUNNING') task.startedAt = world.clock.now();
}

function start(world: World, task: TaskRecord): void {
  enter(world, task, 'PENDING');
  task.pullStartedAt = world.clock.now();
  const { definition, family, revision } = task.taskDefinition;
  const containers = definition.containerDefinitions ?? [];
  const reports: TaskReports = {
    pulled(container, digest) {
      task.pullStoppedAt = world.clock.now();
      task.digests.set(container, digest);
      task.revision?.digests.set(container, digest);
    },
    running(placement) {
      task.placement = placement;
    },
    stopped(end) {
      task.end ??= end;
    },
  };
  const containersToRun = containers.map((container): ContainerToRun => {
    const { name = '', image = '', command, entryPoint, memory } = container;
    const { logDriver, options } = container.logConfiguration ?? {};
    const prefix = options?.['awslogs-stream-prefix'];
    return {
      name,
      image,
      essential: container.essential ?? true,
      command: command?.length ? command : null,
      entryPoint: entryPoint?.length ? entryPoint : null,
      environment: Object.fromEntries(
        (container.environment ?? []).map((variable) => [variable.name ?? '', variable.value ?? '']),
      ),
      portMappings: (container.portMappings ?? []).flatMap(({ containerPort, hostPort }) =>
        containerPort === undefined ? [] : [{ containerPort, hostPort: hostPort || null }],
      ),
      cpu: container.cpu || Number(definition.cpu ?? 0) || null,
      memory: memory ?? (Number(definition.memory ?? 0) || null),
      stopTimeout: (container.stopTimeout ?? STOP_TIMEOUT_SECONDS) * 1000,
      log:
        logDriver === 'awslogs' && options?.['awslogs-group']
          ? {
              group: options['awslogs-group'],
              stream: prefix
                ? `${prefix}/${name}/${task.id}`
                : (task.containerIds.get(name) ?? task.id).replaceAll('-', ''),
            }
          : null,
    };
  });
  world.runner.start(
    {
      taskArn: task.arn,
      family,
      revision,
      networkMode: definition.networkMode ?? 'bridge',
      instanceId: task.instance?.ec2InstanceId ?? null,
      containers: containersToRun,
    },
    reports,
  );
}

function watchHealth(world: World, task: TaskRecord): void {
  const { revision } = task;
  if (!revision) return;
  const runningFor = world.clock.now() - (task.startedAt ?? 0);
  if (revision.targetGroups.length === 0) {
    markHealthy(task, runningFor >= world.settings.healthyAfter);
    return;
  }
  const states = task.registrations.map(({ targetGroupArn, target }) => ({
    targetGroupArn,
    target,
    ...targetState(world, targetGroupArn, target),
  }));
  const everywhere = states.length === revision.targetGroups.length;
  markHealthy(task, everywhere && states.every(({ state }) => state === 'healthy'));
  const sick = states.find(({ state }) => state === 'unhealthy');
  const grace = (revision.service.settings.healthCheckGracePeriodSeconds ?? 0) * 1000;
  if (sick && runningFor >= grace) {
    const group = `(target-group ${sick.targetGroupArn})`;
    const reason = sick.description ?? 'Health checks failed';
    tell(
      world,
      revision.service,
      `(port ${sick.target.port}) is unhealthy in ${group} due to (reason ${reason}).`,
    );
    countFailure(world, revision);
    requestStop(task, {
      reason: `Task failed ELB health checks in ${group}`,
      code: 'ServiceSchedulerInitiated',
    });
  }
}

function markHealthy(task: TaskRecord, healthy: boolean): void {
  if (healthy && !task.healthy && task.revision) {
    const { deployment } = task.revision.service;
    task.revision.failedRounds = 0;
    if (deployment?.target === task.revision && resetsOnHealthyTask(deployment)) deployment.failureCount = 0;
  }
  task.healthy = healthy;
}

function resetsOnHealthyTask(deployment: DeploymentRecord): boolean {
  return deployment.configuration.deploymentCircuitBreaker.resetOnHealthyTask ?? true;
}

function beginDraining(world: World, task: TaskRecord): void {
  if (task.registrations.length === 0) return stopContainers(world, task);
  deregister(world, task);
  enter(world, task, 'DEACTIVATING');
  if (task.revision) {
    tell(world, task.revision.service, 'has begun draining connections on 1 tasks.');
  }
}

function stopContainers(world: World, task: TaskRecord): void {
  task.stoppingAt = world.clock.now();
  enter(world, task, 'STOPPING');
  world.runner.stop(task.arn);
}

function finish(world: World, task: TaskRecord, end: TaskEnd): void {
  const { revision } = task;
  if (task.registrations.length > 0 && task.lastStatus === 'RUNNING') deregister(world, task);
  const uncalledFor = task.desiredStatus === 'RUNNING';
  task.end = end;
  task.desiredStatus = 'STOPPED';
  task.healthy = false;
  task.stoppedAt = world.clock.now();
  enter(world, task, 'STOPPED');
  revision?.tasks.delete(task);
  if (revision && uncalledFor) {
    countFailure(world, revision);
    if (end.stopCode === 'TaskFailedToStart') {
      tell(world, revision.service, `${taskList([task])} failed to start: ${end.reason}`);
    }
  }
}

/** Delays the next start of the revision of a failed task, longer with each failure in a row. */
function countFailure(world: World, revision: RevisionRecord): void {
  const { deployment } = revision.service;
  const { restartDelay, maximumRestartDelay } = world.settings;
  const now = world.clock.now();
  revision.failedTasks += 1;
  if (deployment?.target === revision) deployment.failureCount += 1;
  if (now < revision.restartAt) return;
  revision.restartAt = now + Math.min(restartDelay * 2 ** revision.failedRounds, maximumRestartDelay);
  revision.failedRounds += 1;
}

function notStarted(reason: string): TaskEnd {
  return { reason, stopCode: 'TaskFailedToStart', containers: [] };
}

function neverStarted(task: TaskRecord): TaskEnd {
  return {
    reason: task.stopRequest?.reason ?? '',
    stopCode: task.stopRequest?.code ?? 'UserInitiated',
    containers: [],
  };
}
