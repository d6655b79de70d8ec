import type { ContainerDefinition, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';

type Definition = Pick<
  RegisterTaskDefinitionRequest,
  | 'containerDefinitions'
  | 'cpu'
  | 'ephemeralStorage'
  | 'executionRoleArn'
  | 'ipcMode'
  | 'pidMode'
  | 'requiresCompatibilities'
  | 'volumes'
>;

/**
 * What ECS refuses in a task definition because its parts do not match each other, or because
 * Fargate does not have it. `null` when nothing. `task` is its size, in CPU units and MiB.
 */
export function containerProblem(definition: Definition, task: Size): string | null {
  const { containerDefinitions: containers = [] } = definition;
  const isFargate = definition.requiresCompatibilities?.includes('FARGATE') ?? false;
  const problems = [
    ...containers.flatMap((container) => [
      ...namesNothing(container, definition),
      ...healthCheckOutOfRange(container),
      ...(isFargate ? notOnFargate(container, definition) : []),
    ]),
    ...portsOfOneName(containers),
    ...storageOutOfRange(definition),
    ...moreThanTheTask(containers, task),
    ...(isFargate ? namespacesOnFargate(definition) : []),
  ];
  return problems[0] ?? null;
}

function* namesNothing(
  { name, dependsOn = [], mountPoints = [], volumesFrom = [] }: ContainerDefinition,
  { containerDefinitions: containers = [], volumes = [] }: Definition,
): Generator<string> {
  const isContainer = (wanted: string | undefined) => containers.some((other) => other.name === wanted);
  for (const { containerName } of dependsOn) {
    if (!isContainer(containerName))
      yield `Container '${name}' depends on container '${containerName}', which does not exist in the task definition.`;
  }
  for (const { sourceContainer } of volumesFrom) {
    if (!isContainer(sourceContainer))
      yield `Unknown container '${sourceContainer}' in volumesFrom of container '${name}'.`;
  }
  for (const { sourceVolume } of mountPoints) {
    if (!volumes.some((volume) => volume.name === sourceVolume))
      yield `Unknown volume '${sourceVolume}' in mountPoints of container '${name}'.`;
  }
}

/** In seconds, and for `retries` as a count. */
const HEALTH_CHECK = {
  interval: [5, 300],
  timeout: [2, 60],
  retries: [1, 10],
  startPeriod: [0, 300],
} as const;

function* healthCheckOutOfRange({ name, healthCheck }: ContainerDefinition): Generator<string> {
  for (const member of ['interval', 'timeout', 'retries', 'startPeriod'] as const) {
    const value = healthCheck?.[member];
    const [from, to] = HEALTH_CHECK[member];
    if (value !== undefined && (value < from || value > to))
      yield `healthCheck.${member} of container '${name}' must be between ${from} and ${to}.`;
  }
}

function* portsOfOneName(containers: readonly ContainerDefinition[]): Generator<string> {
  const names = containers.flatMap(({ portMappings = [] }) =>
    portMappings.flatMap((port) => port.name ?? []),
  );
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) yield `The port mapping name '${twice}' is used more than once.`;
}

function* storageOutOfRange({ ephemeralStorage }: Definition): Generator<string> {
  const size = ephemeralStorage?.sizeInGiB;
  if (size !== undefined && (size < 21 || size > 200))
    yield 'ephemeralStorage.sizeInGiB must be between 21 and 200.';
}

/** `null` for what the task does not limit. */
interface Size {
  readonly cpu: number | null;
  readonly memory: number | null;
}

function* moreThanTheTask(
  containers: readonly ContainerDefinition[],
  { cpu, memory }: Size,
): Generator<string> {
  const all = (reserved: (container: ContainerDefinition) => number) =>
    containers.reduce((sum, container) => sum + reserved(container), 0);
  const units = all((container) => container.cpu ?? 0);
  if (cpu !== null && units > cpu)
    yield `The containers have ${units} CPU units, which is more than the ${cpu} of the task.`;
  const reserved = all((container) => container.memoryReservation ?? container.memory ?? 0);
  if (memory !== null && reserved > memory)
    yield `The containers reserve ${reserved} MiB of memory, which is more than the ${memory} of the task.`;
}

function* namespacesOnFargate({ pidMode, ipcMode }: Definition): Generator<string> {
  if (pidMode === 'host')
    yield "Tasks using the Fargate launch type do not support pidMode 'host'. The supported value for pidMode is 'task'.";
  if (ipcMode !== undefined) yield 'Fargate does not support ipcMode.';
}

const LONGEST_STOP_ON_FARGATE = 120;

function* notOnFargate(
  { name, privileged, stopTimeout = 0, logConfiguration }: ContainerDefinition,
  { executionRoleArn }: Definition,
): Generator<string> {
  if (privileged) yield `Fargate does not support privileged containers: '${name}'.`;
  if (stopTimeout > LONGEST_STOP_ON_FARGATE)
    yield `stopTimeout of container '${name}' must be at most ${LONGEST_STOP_ON_FARGATE} seconds on Fargate.`;
  if (logConfiguration?.logDriver !== 'awslogs') return;
  if (executionRoleArn === undefined)
    yield 'Fargate requires that an execution role ARN be provided to support log driver awslogs.';
  if (logConfiguration.options?.['awslogs-stream-prefix'] === undefined)
    yield 'Log driver awslogs requires options: awslogs-stream-prefix';
}
