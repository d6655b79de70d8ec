import type {
  Attribute,
  ContainerDefinition,
  RegisterTaskDefinitionRequest,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import { AwsError } from '../wire/service.ts';
import { containerProblem } from './container-rules.ts';

const NAME = /^[A-Za-z0-9_-]{1,255}$/;

/** Fargate's sizes: CPU units to MiB of memory as [from, to, step]. */
const FARGATE_SIZES: Readonly<Record<number, { from: number; to: number; step: number }>> = {
  512: { from: 1024, to: 4096, step: 1024 },
  1024: { from: 2048, to: 8192, step: 1024 },
  2048: { from: 4096, to: 16_384, step: 1024 },
  4096: { from: 8192, to: 30_720, step: 1024 },
  8192: { from: 16_384, to: 61_440, step: 4096 },
  16384: { from: 32_768, to: 122_880, step: 8192 },
};

/** Throws a ClientException with ECS's message. */
export function checkTaskDefinition(input: RegisterTaskDefinitionRequest): void {
  const { family, containerDefinitions: containers = [] } = input;
  if (!family) refuse('Family should not be null or empty.');
  if (!NAME.test(family)) refuse('Family contains invalid characters.');
  if (containers.length === 0) refuse('Container list cannot be empty.');
  if (containers.length > 10) refuse('Too many containers: a task definition can have at most 10.');
  for (const container of containers) checkContainer(container, input);
  const names = containers.map((container) => container.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) refuse(`Container.name: ${twice} is used by more than one container.`);
  if (containers.every((container) => container.essential === false)) {
    refuse('A task definition must have at least one essential container.');
  }
  if (input.requiresCompatibilities?.includes('FARGATE')) checkFargate(input);
  const problem = containerProblem(input, {
    cpu: input.cpu === undefined ? null : cpuUnits(input.cpu),
    memory: input.memory === undefined ? null : memoryMiB(input.memory),
  });
  if (problem !== null) refuse(problem);
}

function checkContainer(container: ContainerDefinition, definition: RegisterTaskDefinitionRequest): void {
  const { name, image, memory, memoryReservation, portMappings = [] } = container;
  if (!name) refuse('Container.name should not be null or empty.');
  if (!NAME.test(name)) refuse('Container.name contains invalid characters.');
  if (!image) refuse('Container.image should not be null or empty.');
  if (!/^[A-Za-z0-9][A-Za-z0-9:._/#@-]*$/.test(image)) refuse('Container.image contains invalid characters.');
  if (memory !== undefined && memory < 6) refuse('Container.memory must be at least 6 MiB.');
  if (memory === undefined && memoryReservation === undefined && definition.memory === undefined) {
    refuse(
      `Invalid setting for container '${name}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
    );
  }
  if (memory !== undefined && memoryReservation !== undefined && memory < memoryReservation) {
    refuse(`Invalid setting for container '${name}'. 'memory' must be greater than 'memoryReservation'.`);
  }
  for (const { containerPort, hostPort, containerPortRange } of portMappings) {
    if (containerPortRange !== undefined) continue;
    if (!containerPort || containerPort > 65_535)
      refuse('Port mapping: containerPort must be between 1 and 65535.');
    if (definition.networkMode === 'awsvpc' && hostPort && hostPort !== containerPort) {
      refuse('When networkMode=awsvpc, the host ports and container ports in port mappings must match.');
    }
  }
}

function checkFargate(input: RegisterTaskDefinitionRequest): void {
  if (input.networkMode !== 'awsvpc') refuse("Fargate only supports network mode 'awsvpc'.");
  if (!input.cpu) refuse("Fargate requires that 'cpu' be defined at the task level.");
  if (!input.memory) refuse("Fargate requires that 'memory' be defined at the task level.");
  const cpu = cpuUnits(input.cpu);
  const memory = memoryMiB(input.memory);
  const size = FARGATE_SIZES[cpu];
  const fits =
    cpu === 256
      ? [512, 1024, 2048].includes(memory)
      : size && memory >= size.from && memory <= size.to && memory % size.step === 0;
  if (!fits) refuse('No Fargate configuration exists for given values.');
}

/** `1024` or `1 vCPU`. */
function cpuUnits(cpu: string): number {
  const vcpu = /^([\d.]+) *vcpu$/i.exec(cpu);
  return vcpu ? Number(vcpu[1]) * 1024 : Number(cpu);
}

/** `2048` or `2 GB`. */
function memoryMiB(memory: string): number {
  const gigabytes = /^([\d.]+) *gb$/i.exec(memory);
  return gigabytes ? Number(gigabytes[1]) * 1024 : Number(memory);
}

/**
 * Adds the members that ECS adds: defaults of containers and ports, compatibilities, required
 * attributes.
 */
export function asRegistered(
  definition: Omit<RegisterTaskDefinitionRequest, 'family' | 'tags'>,
): TaskDefinition {
  const { networkMode, cpu, memory } = definition;
  return {
    ...definition,
    ...(cpu !== undefined && { cpu: String(cpuUnits(cpu)) }),
    ...(memory !== undefined && { memory: String(memoryMiB(memory)) }),
    volumes: definition.volumes ?? [],
    placementConstraints: definition.placementConstraints ?? [],
    containerDefinitions: (definition.containerDefinitions ?? []).map((container) => ({
      ...container,
      cpu: container.cpu ?? 0,
      essential: container.essential ?? true,
      environment: container.environment ?? [],
      mountPoints: container.mountPoints ?? [],
      volumesFrom: container.volumesFrom ?? [],
      systemControls: container.systemControls ?? [],
      portMappings: (container.portMappings ?? []).map((mapping) => ({
        ...mapping,
        hostPort: mapping.hostPort ?? (networkMode === 'awsvpc' ? mapping.containerPort : 0),
        protocol: mapping.protocol ?? 'tcp',
      })),
    })),
    requiresAttributes: requiredAttributes(definition),
    compatibilities: networkMode === 'awsvpc' && cpu && memory ? ['EC2', 'FARGATE'] : ['EXTERNAL', 'EC2'],
  };
}

function requiredAttributes(input: Omit<RegisterTaskDefinitionRequest, 'family'>): Attribute[] {
  const containers = input.containerDefinitions ?? [];
  const attributes: [string, boolean][] = [
    [
      'com.amazonaws.ecs.capability.logging-driver.awslogs',
      containers.some((container) => container.logConfiguration?.logDriver === 'awslogs'),
    ],
    [
      'ecs.capability.execution-role-awslogs',
      input.executionRoleArn !== undefined &&
        containers.some((container) => container.logConfiguration?.logDriver === 'awslogs'),
    ],
    [
      'com.amazonaws.ecs.capability.ecr-auth',
      containers.some((container) => container.image?.includes('.dkr.ecr.')),
    ],
    [
      'ecs.capability.secrets.asm.environment-variables',
      containers.some((container) => (container.secrets?.length ?? 0) > 0),
    ],
    ['com.amazonaws.ecs.capability.task-iam-role', input.taskRoleArn !== undefined],
    ['ecs.capability.task-eni', input.networkMode === 'awsvpc'],
    ['com.amazonaws.ecs.capability.docker-remote-api.1.18', true],
  ];
  return attributes.filter(([, needed]) => needed).map(([name]) => ({ name }));
}

function refuse(message: string): never {
  throw new AwsError('ClientException', message);
}
