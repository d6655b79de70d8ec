import type { ContainerDefinition, RegisterTaskDefinitionCommandInput, Service } from '@aws-sdk/client-ecs';
import { isFargate } from '../../aws/ecs/fargate.ts';
import { primaryDeployment } from '../../aws/ecs/primary-deployment.ts';
import { fargateSizeProblem } from './fargate-size.ts';

/** The task definition to check. */
export interface FitRequest {
  readonly service: Service;
  readonly definition: RegisterTaskDefinitionCommandInput;
  /** Whether the released image comes from a private ECR repository. */
  readonly isInEcr: boolean;
  /** The platforms that the image is built for; empty if they are not known. */
  readonly platforms: readonly string[];
}

export interface Fit {
  /** What AWS would refuse, each with its fix. */
  readonly problems: readonly string[];
  /** What AWS accepts although no task would start. */
  readonly remarks: readonly string[];
}

/**
 * Whether ECS would accept the task definition for the service. ECS checks this only when the
 * revision is registered or deployed. Problems that the present task definition of the service has
 * too are none: ECS accepted it. Pure.
 */
export function fitOf(request: FitRequest, present: RegisterTaskDefinitionCommandInput): Fit {
  const accepted = new Set(problemsOf({ ...request, definition: present }));
  return {
    problems: problemsOf(request).filter((problem) => !accepted.has(problem)),
    remarks: architectureRemarks(request),
  };
}

function problemsOf(request: FitRequest): string[] {
  return RULES.flatMap((rule) => rule(request));
}

type FitRule = (request: FitRequest) => string[];

const RULES: readonly FitRule[] = [
  ({ service, definition }) =>
    (service.loadBalancers ?? []).flatMap(({ containerName, containerPort }) =>
      portProblems(definition, {
        user: `the load balancer of service ${service.serviceName}`,
        setting: 'loadBalancers',
        containerName,
        containerPort,
      }),
    ),
  ({ service, definition }) =>
    (service.serviceRegistries ?? []).flatMap(({ containerName, containerPort }) =>
      containerName === undefined
        ? []
        : portProblems(definition, {
            user: `the service registry of service ${service.serviceName}`,
            setting: 'serviceRegistries',
            containerName,
            containerPort,
          }),
    ),
  namedPortProblems,
  networkModeProblems,
  fargateProblems,
  volumeProblems,
];

interface PortUser {
  readonly user: string;
  /** The member of the service to change instead. */
  readonly setting: string;
  readonly containerName: string | undefined;
  readonly containerPort: number | undefined;
}

function portProblems(
  { containerDefinitions = [] }: RegisterTaskDefinitionCommandInput,
  { user, setting, containerName, containerPort }: PortUser,
): string[] {
  const container = containerDefinitions.find(({ name }) => name === containerName);
  const target = containerPort === undefined ? containerName : `${containerName}:${containerPort}`;
  const fix = `change ${setting} of the service first`;
  if (container === undefined) {
    return [
      `task-definition: ${user} uses container ${target}, but the task definition has no container "${containerName}". It has ${containersInWords(containerDefinitions)}. Rename the container to ${containerName}, or ${fix}.`,
    ];
  }
  if (containerPort === undefined || portsOf(container).includes(containerPort)) return [];
  return [
    `task-definition: ${user} uses port ${target}, but container ${containerName} has ${portsInWords(container)}. Add {"containerPort": ${containerPort}} to its portMappings, or ${fix}.`,
  ];
}

/** Service Connect and VPC Lattice find a port by its name. */
function namedPortProblems({ service, definition }: FitRequest): string[] {
  const names = namedPorts(definition);
  const primary = primaryDeployment(service);
  const { enabled, services = [] } = primary?.serviceConnectConfiguration ?? {};
  const used = [
    ...(enabled === true ? services.map(({ portName }) => ({ portName, by: 'Service Connect' })) : []),
    ...(primary?.vpcLatticeConfigurations ?? []).map(({ portName }) => ({ portName, by: 'VPC Lattice' })),
  ];
  return used
    .filter(({ portName }) => portName !== undefined && !names.includes(portName))
    .map(({ portName, by }) => {
      const has = names.length === 0 ? 'no port mapping with a name' : `the names ${names.join(', ')}`;
      return `task-definition: ${by} of service ${service.serviceName} uses the port named "${portName}", but the task definition has ${has}. Add "name": "${portName}" to the port mapping.`;
    });
}

function networkModeProblems({ service, definition }: FitRequest): string[] {
  const mode = definition.networkMode ?? 'bridge';
  const isVpc = mode === 'awsvpc';
  const hasSubnets = (service.networkConfiguration?.awsvpcConfiguration?.subnets ?? []).length > 0;
  if (isVpc === hasSubnets) return [];
  return [
    isVpc
      ? `task-definition: networkMode is awsvpc, but service ${service.serviceName} has no networkConfiguration, and its target groups take instances. Set networkMode to the one that the service runs with, or create a service with subnets and target groups of type ip.`
      : `task-definition: networkMode is ${mode}, but service ${service.serviceName} has a networkConfiguration with subnets, and its target groups take IP addresses, so its tasks need awsvpc. Set networkMode to awsvpc.`,
  ];
}

function fargateProblems({ service, definition, isInEcr }: FitRequest): string[] {
  if (!isOnFargate(service)) return [];
  const { requiresCompatibilities, cpu, memory, executionRoleArn, containerDefinitions = [] } = definition;
  const name = `service ${service.serviceName} runs on Fargate`;
  const problems: string[] = [];
  if (requiresCompatibilities !== undefined && !requiresCompatibilities.includes('FARGATE')) {
    problems.push(
      `task-definition: ${name}, but requiresCompatibilities is ${requiresCompatibilities.join(', ') || 'empty'}. Add FARGATE.`,
    );
  }
  const size = fargateSizeProblem(cpu, memory);
  if (size !== null) problems.push(`task-definition: ${name}, but ${size}`);
  if (executionRoleArn) return problems;
  const needs = [
    ...(containerDefinitions.some(({ secrets = [] }) => secrets.length > 0) ? ['secrets'] : []),
    ...(containerDefinitions.some(({ logConfiguration }) => logConfiguration?.logDriver === 'awslogs')
      ? ['the log driver awslogs']
      : []),
    ...(isInEcr ? ['an image in ECR'] : []),
  ];
  if (needs.length > 0) {
    problems.push(
      `task-definition: ${name}, where ${needs.join(' and ')} require an execution role, but executionRoleArn is missing. Add the ARN of a role with AmazonECSTaskExecutionRolePolicy.`,
    );
  }
  return problems;
}

/** Volumes whose settings stand in the service. */
function volumeProblems({ service, definition }: FitRequest): string[] {
  const primary = primaryDeployment(service);
  const configured = (primary?.volumeConfigurations ?? []).flatMap(({ name }) => name ?? []);
  const atLaunch = (definition.volumes ?? []).flatMap(({ name, configuredAtLaunch }) =>
    configuredAtLaunch === true && name !== undefined ? [name] : [],
  );
  const missing = configured.filter((name) => !atLaunch.includes(name));
  const unconfigured = atLaunch.filter((name) => !configured.includes(name));
  return [
    ...missing.map(
      (name) =>
        `task-definition: service ${service.serviceName} configures the volume "${name}" at launch, but the task definition has no such volume. Add {"name": "${name}", "configuredAtLaunch": true} to volumes.`,
    ),
    ...unconfigured.map(
      (name) =>
        `task-definition: the volume "${name}" is configured at launch, but service ${service.serviceName} has no configuration for it. Add it to volumeConfigurations of the service first, or remove the volume.`,
    ),
  ];
}

/** No architecture means X86_64 on Fargate. Instances may have either. */
function architectureRemarks({ service, definition, platforms }: FitRequest): string[] {
  const { cpuArchitecture = isOnFargate(service) ? 'X86_64' : undefined } = definition.runtimePlatform ?? {};
  const architecture = cpuArchitecture === undefined ? undefined : ARCHITECTURES[cpuArchitecture];
  if (architecture === undefined || platforms.length === 0) return [];
  if (platforms.some((platform) => platform.split('/')[1] === architecture)) return [];
  return [
    `The image is built for ${platforms.join(', ')}, but the tasks run on linux/${architecture} (runtimePlatform of the task definition): their containers cannot start. Add linux/${architecture} to platforms, or change runtimePlatform.`,
  ];
}

const ARCHITECTURES: Readonly<Record<string, string>> = { X86_64: 'amd64', ARM64: 'arm64' };

function isOnFargate({ launchType, capacityProviderStrategy = [] }: Service): boolean {
  return isFargate(
    launchType,
    capacityProviderStrategy.map(({ capacityProvider }) => capacityProvider),
  );
}

function portsOf({ portMappings = [] }: ContainerDefinition): number[] {
  return portMappings.flatMap(({ containerPort }) => containerPort ?? []);
}

function namedPorts({ containerDefinitions = [] }: RegisterTaskDefinitionCommandInput): string[] {
  return containerDefinitions.flatMap(({ portMappings = [] }) =>
    portMappings.flatMap(({ name }) => name ?? []),
  );
}

function portsInWords(container: ContainerDefinition): string {
  const ports = portsOf(container);
  return ports.length === 0
    ? 'no port mappings'
    : `only ${ports.length === 1 ? 'port' : 'ports'} ${ports.join(', ')}`;
}

function containersInWords(containers: readonly ContainerDefinition[]): string {
  return containers
    .map((container) => {
      const ports = portsOf(container);
      return ports.length === 0 ? container.name : `${container.name} (${ports.join(', ')})`;
    })
    .join(', ');
}
